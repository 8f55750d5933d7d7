// Package blob keeps files: in a folder, or in a bucket that several nodes share.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
)

// Store is where files are, by keys with slashes.
type Store struct{ bucket *blob.Bucket }

// Folder keeps files below a folder, which it makes, for nobody but this program's account.
func Folder(dir string) (*Store, error) {
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{
		CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the folder of files: %w", err)
	}
	return &Store{bucket}, nil
}

// Open is Folder for file:///dir; for another scheme it takes the driver that the program has of it, as for
// s3://bucket?region=eu-north-1.
func Open(ctx context.Context, address *url.URL) (*Store, error) {
	if address.Scheme == fileblob.Scheme {
		return Folder(filepath.FromSlash(address.Path))
	}
	bucket, err := blob.OpenBucket(ctx, address.String())
	if err != nil {
		return nil, fmt.Errorf("opening the bucket of files: %w", err)
	}
	return &Store{bucket}, nil
}

// Close lets go of the connections.
func (s *Store) Close() error { return s.bucket.Close() }

// Write stores what fill writes under a key, whole or not at all, and gives how many bytes that were. What was there before
// is replaced.
func (s *Store) Write(ctx context.Context, key, contentType string, fill func(io.Writer) error) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: contentType})
	if err != nil {
		return 0, fmt.Errorf("opening a file: %w", err)
	}
	counted := &counter{w: w}
	if err := fill(counted); err != nil {
		cancel() // before it is closed: that keeps what is not whole from being stored
		_ = w.Close()
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, fmt.Errorf("storing a file: %w", err)
	}
	return counted.n, nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// Read opens the file under a key.
func (s *Store) Read(ctx context.Context, key string) (io.ReadCloser, error) {
	r, err := s.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return nil, fmt.Errorf("opening a file: %w", err)
	}
	return r, nil
}

// IsMissing reports whether there is no file under the key that was asked for.
func IsMissing(err error) bool { return gcerrors.Code(err) == gcerrors.NotFound }

// Keys calls each with the keys that begin so, in their order.
func (s *Store) Keys(ctx context.Context, prefix string, each func(key string) error) error {
	for list := s.bucket.List(&blob.ListOptions{Prefix: prefix}); ; {
		object, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("listing files: %w", err)
		}
		if err := each(object.Key); err != nil {
			return err
		}
	}
}

// DeleteAll deletes the files whose keys begin so; that there is none is no error.
func (s *Store) DeleteAll(ctx context.Context, prefix string) error {
	var keys []string
	err := s.Keys(ctx, prefix, func(key string) error { keys = append(keys, key); return nil })
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := s.bucket.Delete(ctx, key); err != nil && !IsMissing(err) {
			return fmt.Errorf("deleting a file: %w", err)
		}
	}
	return nil
}
