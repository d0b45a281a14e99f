#!/bin/sh
# Makes what the service needs in MinIO; runs again without harm.
set -eu
secret() { cat "/run/secrets/$1"; }
mc alias set store http://minio:9000 "$(secret minio_root_user)" "$(secret minio_root_password)" >/dev/null
mc mb --ignore-existing store/evidence
cat >/tmp/evidence.json <<'POLICY'
{"Version":"2012-10-17","Statement":[
  {"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation"],"Resource":["arn:aws:s3:::evidence"]},
  {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":["arn:aws:s3:::evidence/*"]}]}
POLICY
mc admin policy create store evidence /tmp/evidence.json
mc admin user add store "$(secret s3_access_key)" "$(secret s3_secret_key)"
mc admin policy attach store evidence --user "$(secret s3_access_key)" 2>/dev/null || true
