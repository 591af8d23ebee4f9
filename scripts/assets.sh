#!/bin/sh
# Copies the browser libraries of package-lock.json into static/vendor/, and the accessibility checker of the browser tests into
# tests/vendor/, with their licences. The copies are committed: neither `make run` nor `make test` nor a production host needs npm.
set -eu
cd "$(dirname "$0")/.."
npm ci --no-audit --no-fund --loglevel=error
to=static/vendor
rm -rf "$to"
mkdir -p "$to/bootstrap" "$to/bootstrap-icons/fonts" "$to/htmx" "$to/fonts"
# Without the source map comments: the maps are not shipped, and a manifest storage would look for them.
strip() { sed -e 's,/\*# sourceMappingURL=[^*]*\*/,,' -e '/^\/\/# sourceMappingURL=/d' "$1" >"$2"; }
strip node_modules/bootstrap/dist/css/bootstrap.min.css "$to/bootstrap/bootstrap.min.css"
strip node_modules/bootstrap/dist/js/bootstrap.bundle.min.js "$to/bootstrap/bootstrap.bundle.min.js"
cp node_modules/bootstrap/LICENSE "$to/bootstrap/LICENSE"
cp node_modules/bootstrap-icons/font/bootstrap-icons.min.css "$to/bootstrap-icons/"
cp node_modules/bootstrap-icons/font/fonts/bootstrap-icons.woff2 node_modules/bootstrap-icons/font/fonts/bootstrap-icons.woff "$to/bootstrap-icons/fonts/"
cp node_modules/bootstrap-icons/LICENSE "$to/bootstrap-icons/LICENSE"
cp node_modules/htmx.org/dist/htmx.min.js "$to/htmx/htmx.min.js"
cp node_modules/htmx.org/LICENSE "$to/htmx/LICENSE"
rm -rf tests/vendor
mkdir -p tests/vendor/axe-core
cp node_modules/axe-core/axe.min.js node_modules/axe-core/LICENSE tests/vendor/axe-core/
for family in inter source-serif-4; do
  cp "node_modules/@fontsource-variable/$family/files/$family-latin-wght-normal.woff2" "node_modules/@fontsource-variable/$family/files/$family-latin-ext-wght-normal.woff2" "$to/fonts/"
  cp "node_modules/@fontsource-variable/$family/LICENSE" "$to/fonts/LICENSE-$family"
done
grep -E '"(@fontsource-variable/.*|bootstrap|bootstrap-icons|htmx.org)":' package.json | tr -d ' ",' >"$to/VERSIONS"
echo "static/vendor/ holds: $(tr '\n' ' ' <"$to/VERSIONS")"
