package signin

import (
	_ "github.com/go-webauthn/webauthn/webauthn" // until passkeys use it
	_ "gocloud.dev/blob/fileblob"                // until exports use it
)
