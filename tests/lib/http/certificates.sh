#!/bin/sh
# certificates.sh FOLDER   keys and certificates for the TLS tests, made with the openssl program:
#   ca.pem server.pem server.key      a P-256 authority and the server at 127.0.0.1
#   client.pem client.key             a client of that authority
#   stranger.pem stranger.key         a client of another authority
#   sm2-ca.pem sm2.pem sm2.key        a P-256 client whose authority signs with SM2 under an intermediate
# shellcheck disable=SC2086  # options are lists of words
set -eu
cd "$1"
exec 2>openssl.log
sm2_sign="-sigopt distid:1234567812345678 -vfyopt distid:1234567812345678"

printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' >ca.ext
printf 'basicConstraints=critical,CA:FALSE\nsubjectAltName=IP:127.0.0.1\n' >server.ext
printf 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\n' >client.ext

authority() { # name curve digest options
    openssl genpkey -algorithm "$2" ${3:+-pkeyopt "$3"} -out "$1.key"
    openssl req -x509 -key "$1.key" -subj "/CN=$1" -days 30 -addext keyUsage=critical,keyCertSign "$4" ${5:-} -out "$1.pem"
}
leaf() { # name subject authority extensions options
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
    openssl req -new -utf8 -key "$1.key" -subj "$2" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days 30 -extfile "$4" ${5:-} -out "$1.pem"
}

authority ca EC ec_paramgen_curve:P-256 -sha256
authority other EC ec_paramgen_curve:P-256 -sha256
leaf server /CN=127.0.0.1 ca server.ext
leaf client '/C=CN/O=演示数据/CN=demo-telecom-zj' ca client.ext
leaf stranger /CN=stranger other client.ext

authority sm2-ca SM2 '' -sm3 "$sm2_sign"
openssl genpkey -algorithm SM2 -out sm2-middle.key
openssl req -new -key sm2-middle.key -subj /CN=sm2-middle -sm3 $sm2_sign -out sm2-middle.csr
openssl x509 -req -in sm2-middle.csr -CA sm2-ca.pem -CAkey sm2-ca.key -CAcreateserial -days 30 -extfile ca.ext \
    -sm3 $sm2_sign -out sm2-middle.pem
leaf sm2 /CN=sm2-client sm2-middle client.ext "-sm3 -sigopt distid:1234567812345678"
cat sm2-middle.pem >>sm2.pem
cat ca.pem sm2-ca.pem >authorities.pem
