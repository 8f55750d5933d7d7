package accounts

const securityPath = "/settings/security"
