package web

// Build is New that also tells the table of routes.
var Build = build
