package signin

import (
	_ "gocloud.dev/blob/fileblob" // until exports use it
)
