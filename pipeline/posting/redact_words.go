package posting

import "strings"

// mentionsMail reports whether before has a word after which an address is likely.
func mentionsMail(before string) bool {
	for _, cue := range [...]string{
		"mail", "contact", "resume", "résumé", "resumé", " cv", "reach", "write", "ping", "send", "touch", "shoot",
		"drop", "line", "cc", "apply", "question", "talk", "chat", "inquir", "enquir", "interested",
	} {
		if strings.Contains(before, cue) {
			return true
		}
	}
	return false
}

// leadsTo reports whether word stands right before an address in a sentence.
func leadsTo(word string) bool {
	switch word {
	case "address", "and", "at", "cc", "contact", "contacting", "directly", "e-mail", "email", "emailing", "is",
		"mail", "mailing", "me", "message", "messaging", "or", "ping", "reach", "through", "to", "us", "via",
		"write":
		return true
	}
	return false
}

// notLocal reports whether word stands before "at example.com" and is no local part.
func notLocal(word string) bool {
	switch word {
	case "above", "account", "address", "analyst", "and", "anything", "app", "application", "applications",
		"apply", "are", "arrived", "available", "based", "below", "blog", "company", "cto-at", "culture",
		"designer", "details", "developer", "developers", "directly", "director", "e-mail", "email",
		"engineer", "engineering", "engineers", "everything", "find", "her", "here", "him", "hiring-page",
		"hosted", "info-page", "intern", "is", "it", "job", "joined", "junior", "lead", "like", "life", "list",
		"listing", "live", "located", "look", "looks", "looking", "mail", "manager", "me", "more", "name", "now", "one",
		"online", "open", "openings", "opportunities", "or", "out", "page", "pages", "platform", "position",
		"positions", "posting", "product", "profile", "resume", "role", "roles", "scientist", "senior", "site",
		"software", "something", "stack", "started", "team-page", "that", "them", "there", "this", "today",
		"up", "us", "user", "username", "we", "website", "work-life", "working", "you":
		return true
	}
	return false
}

// freeMail reports whether word is a host where what stands before is always a person.
func freeMail(word string) bool {
	switch word {
	case "aol.com", "fastmail.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
		"icloud.com", "live.com", "me.com", "outlook.com", "proton.me", "protonmail.com", "web.de",
		"yahoo.com":
		return true
	}
	return false
}
