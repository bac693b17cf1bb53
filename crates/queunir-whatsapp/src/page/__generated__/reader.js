/* built by npm run build -w @queunir/reader */
