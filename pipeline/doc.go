// Package pipeline is the shelf of jobcity's packages; it holds no code, only
// this map and the test that keeps imports flowing one way.
//
//		boards, feeds, files                                                    people
//		   │                                                                      ▲
//		 crawl ─► bus ─► ingest( tag ─► batch ) ─► bus ─► ingest ─► store ─► query ─► api, web, CLI
//
//	  - posting: what a posting and a sweep are, their ids and wire form
//	  - crawl: boards and files to postings and sweeps; one folder per format
//	  - public: which addresses of the Internet may be dialled
//	  - bus: postings, batches and sweeps over JetStream, embedded or a cluster
//	  - tag: text to districts, skills, mix and facts, with evidence; pure
//	  - judge: how good the tags are, and what a change of the taxonomy does
//	  - batch: tagged postings to Arrow record batches
//	  - store: Arrow to DuckDB; bound statements; snapshots
//	  - ingest: the loops that join bus, tag, batch and store and settle messages
//	  - query: the .sql files, their headers, parameters and results
//	  - stats: intervals and tests that SQL alone should not do
//	  - search: saved searches, their feeds and webhooks
//	  - api: JSON over HTTP
//	  - demo: a made-up city of boards, served on loopback
package pipeline
