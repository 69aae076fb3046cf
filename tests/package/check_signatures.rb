# SPDX-License-Identifier: BSD-2-Clause
# What ruby-cose, an implementation of COSE that is not ours, makes of packages: check_signatures.rb PUBLISHER.pub
# FILE... Each file is a COSE_Sign1 with a good signature by this key, and what it signs is a COSE_Encrypt. The same
# package with one bit changed is not. Prints a line for each that fails, then "N passed, N failed".

require "cose"
require "digest"
require "openssl"

ES256 = -7
A256GCM = 3
A256KW = -5
ECDH_ES_A256KW = -31
COSE_ENCRYPT_CONTENT = 96
LABEL_CONTENT_TYPE = 3
LABEL_EPHEMERAL = -1

def expect(what, condition)
  raise what unless condition
end

def verifies?(bytes, key)
  COSE::Sign1.deserialize(bytes).verify(key)
rescue COSE::Error
  false
end

def check_recipient(recipient)
  case recipient.headers.alg
  when A256KW
    expect "A256KW has no protected header", recipient.protected_headers.empty?
  when ECDH_ES_A256KW
    key = COSE::Key.deserialize(recipient.unprotected_headers[LABEL_EPHEMERAL].to_cbor)
    group = OpenSSL::PKey::EC::Group.new(key.curve.pkey_name)
    point = OpenSSL::PKey::EC::Point.new(group, OpenSSL::BN.new("\x04".b + key.x + key.y, 2))
    expect "an ephemeral key on P-256", group.curve_name == "prime256v1" && point.on_curve?
  else
    raise "recipient of algorithm #{recipient.headers.alg}"
  end
  expect "a wrapped key", recipient.ciphertext.bytesize == 40
end

# ruby-cose makes an OpenSSL key of a COSE key in a way that OpenSSL 3 refuses, so it gets the former, with a kid.
def load_publisher(file)
  key = OpenSSL::PKey.read(File.read(file))
  kid = Digest::SHA256.digest(key.public_to_der)
  key.define_singleton_method(:kid) { kid }
  key
end

def check(file, key)
  bytes = File.binread(file)
  sign1 = COSE::Sign1.deserialize(bytes)
  expect "ES256", sign1.headers.alg == ES256
  expect "content type", sign1.protected_headers[LABEL_CONTENT_TYPE] == COSE_ENCRYPT_CONTENT
  expect "a good signature", verifies?(bytes, key)
  [bytes.bytesize - 1, bytes.bytesize - 70].each do |at| # in the signature, and in the payload
    changed = bytes.dup
    changed.setbyte(at, changed.getbyte(at) ^ 1)
    expect "a changed package has no good signature", !verifies?(changed, key)
  end
  # Its COSE::Encrypt wants each recipient inside a byte string of its own, which RFC 9052 does not.
  protected_headers, unprotected_headers, _, recipients = CBOR.decode(sign1.payload)
  headers = COSE::SecurityMessage::Headers.new(CBOR.decode(protected_headers), unprotected_headers)
  expect "A256GCM", headers.alg == A256GCM
  recipients.each { |recipient| check_recipient(COSE::Recipient.from_array(recipient)) }
end

publisher = load_publisher(ARGV.shift)
passed = failed = 0
ARGV.each do |file|
  check(file, publisher)
  passed += 1
rescue StandardError => e
  puts "FAIL #{file}: #{e.message.lines.first}"
  failed += 1
end
puts "#{passed} passed, #{failed} failed"
exit(failed.zero? && passed.positive?)
