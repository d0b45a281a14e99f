// RFC 9440: the certificate's DER in base64 between colons. A PEM's body is that base64, broken into lines.
function header(r) {
    const pem = r.variables.ssl_client_raw_cert;
    return pem ? ':' + pem.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '') + ':' : '';
}

export default { header };
