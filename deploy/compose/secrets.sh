#!/usr/bin/env bash
# Makes every secret of the composition in ./secrets, once; what is there already stays as it is.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
random() { openssl rand -base64 33 | tr '+/' '-_'; } # 264 bits
once() { [ -s "secrets/$1" ] || cat >"secrets/$1"; }

# SQL Server wants three kinds of characters in a password.
echo "Aa1-$(random)" | once sa_password
echo "Aa1-$(random)" | once database_password
echo "Server=sqlserver;Database=ReportIntake;User Id=reportintake;Password=$(cat secrets/database_password);Encrypt=True;TrustServerCertificate=True" | once connection
echo "root-$(openssl rand -hex 4)" | once minio_root_user
random | once minio_root_password
openssl rand -hex 10 | once s3_access_key
openssl rand -hex 20 | once s3_secret_key
random | once ring_password

if [ ! -s secrets/ring.pfx ]; then
  key=$(mktemp) certificate=$(mktemp)
  trap 'rm -f "$key" "$certificate"' EXIT
  # That it expires does not matter: it only opens the key ring.
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj '/CN=ReportIntake key ring' -keyout "$key" -out "$certificate" 2>/dev/null
  openssl pkcs12 -export -inkey "$key" -in "$certificate" -passout file:secrets/ring_password -out secrets/ring.pfx
fi

if [ ! -s secrets/tls.crt ]; then
  # To try it out. Put a certificate that browsers trust here, for both names in ../nginx/nginx.conf.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj '/CN=report.example' \
    -addext 'subjectAltName=DNS:report.example,DNS:police.report.example' -keyout secrets/tls.key -out secrets/tls.crt 2>/dev/null
fi

# Compose mounts these files as they are: the containers' users (1654 the service, 101 nginx, 10001 SQL Server, 1000 and
# root the others) must be able to read them, and nobody else can reach them through the folder.
chmod 0644 secrets/*
chmod 0700 secrets
echo "secrets/ is complete. Copy secrets/ring.pfx and secrets/ring_password to a safe place now: without them nothing can be read."
