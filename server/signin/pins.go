package signin

import (
	_ "github.com/go-webauthn/webauthn/webauthn" // until passkeys use it
	_ "github.com/pquerna/otp/totp"              // until second factors use it
)
