package signin

import (
	_ "github.com/pquerna/otp/totp" // until second factors use it
	_ "gocloud.dev/blob/fileblob"   // until exports use it
)
