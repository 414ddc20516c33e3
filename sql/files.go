// Package sqlfiles embeds the SQL of jobcity: the schema, the statements that
// apply what arrives, and the named queries.
package sqlfiles

import "embed"

// Schema holds the migrations, applied in the order of their names.
//
//go:embed schema/*.sql
var Schema embed.FS

// Store holds what package store runs to apply record batches and sweeps.
//
//go:embed store/*.sql
var Store embed.FS

// Trend holds the named trend queries: the stable contract of /v1/trends.
//
//go:embed trend/*.sql
var Trend embed.FS

// Report holds the named queries of analysts' reports: /v1/reports.
//
//go:embed report/*.sql
var Report embed.FS

// API holds the named queries behind the other routes of /v1: one posting with
// its tags, the state of boards, the scope of a trend.
//
//go:embed api/*.sql
var API embed.FS
