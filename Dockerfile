# One static binary in an empty image. It has no Postgres inside: give it DATABASE_URL.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags='-s -w' -o /out/firstdrops ./cmd/firstdrops \
 && mkdir -p /out/data /out/blobs /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/firstdrops /firstdrops
COPY --from=build --chown=65532:65532 /out/data /var/lib/firstdrops
COPY --from=build --chown=65532:65532 /out/blobs /var/lib/blobs
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER 65532:65532
ENV FIRSTDROPS_DATA=/var/lib/firstdrops
VOLUME /var/lib/firstdrops
EXPOSE 8080
ENTRYPOINT ["/firstdrops"]
