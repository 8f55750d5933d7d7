package db

// AsAppWhereMade is what Migrate ends with.
var AsAppWhereMade = asAppWhereMade
