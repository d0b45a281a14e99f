using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace ReportIntake.Web.Persistence.Sealing;

/// <summary>
/// Seals what people wrote before it reaches the database, so that files, backups and logs of either database hold nothing
/// readable without the key ring. AES-256-GCM under the secret <see cref="SecretName"/>.
/// </summary>
/// <remarks>
/// <para>
/// A sealed value: version (1 byte), nonce (12, random), ciphertext, tag (16). Version and column are authenticated: a value
/// does not open in another column. The row is not, because a value converter does not see it: whoever may write to the
/// database can swap two values of one column between rows unnoticed, as they could in clear text. What is evidence is
/// guarded against that by the ledger. Length and absence of a value stay visible.
/// </para>
/// <para>
/// Random nonces bound one key to 2³² values (NIST SP 800-38D, section 8.3). Each column has a key of its own, derived
/// from the secret by HKDF (RFC 5869), so that the bound is one of the column, not of the database.
/// </para>
/// </remarks>
public sealed class ColumnSealer
{
    /// <summary>Name of the secret that all keys are derived from, 256 random bits.</summary>
    public const string SecretName = "database_text";

    public const int SecretSize = 32;

    /// <summary>Bytes of a lookup key: with 128 bits two values that meet by chance are not to be expected.</summary>
    public const int LookupSize = 16;

    /// <summary>Bytes that a sealed value is longer than its text in UTF-8.</summary>
    public const int Overhead = 1 + NonceSize + TagSize;

    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>Keys of lookups, derived once: a report's words take some twenty of them.</summary>
    private readonly ConcurrentDictionary<string, byte[]> lookups = new();

    private volatile Lazy<byte[]>? secret;

    /// <summary>False until the database was opened for the first time, by whatever statement.</summary>
    public bool HasSecret => secret is not null;

    /// <param name="open">Called when the first value is sealed or opened: a database whose key ring is lost can still be migrated.</param>
    public void Use(Func<byte[]> open) => secret ??= new Lazy<byte[]>(open, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The cipher of one column.</summary>
    /// <param name="column">Table and column. Part of the key and of each value: see <see cref="SealedColumns"/>.</param>
    public ColumnCipher Column(string column) => new(this, column);

    /// <summary>
    /// What a value is found by where its column is sealed: the first 128 bits of HMAC-SHA256. Equal values of one column
    /// have equal keys, which is what it is for, and all that it tells without the secret.
    /// </summary>
    public byte[] LookupKey(string column, string value) => KeyedHash(column, Encoding.UTF8.GetBytes(value))[..LookupSize];

    /// <summary>HMAC-SHA256, 32 bytes: a fingerprint that nobody without the secret can try guesses against.</summary>
    public byte[] KeyedHash(string column, ReadOnlySpan<byte> content) => HMACSHA256.HashData(lookups.GetOrAdd(column, name => Derive("lookup", name)), content);

    private byte[] Derive(string use, string column)
    {
        var opened = secret ?? throw new InvalidOperationException("The key of the database's text is not there yet: no connection was opened.");
        try
        {
            return HKDF.Expand(HashAlgorithmName.SHA256, opened.Value, SecretSize, Encoding.UTF8.GetBytes($"{use}:{column}"));
        }
        catch (CryptographicException foreign)
        {
            throw new SealedValueException("The key ring does not open this database's text: it is another one's, or keys are missing.", foreign);
        }
    }

    /// <summary>Seals and opens the values of one column; for any number of callers at once.</summary>
    public sealed class ColumnCipher(ColumnSealer sealer, string column)
    {
        private readonly byte[] associated = [Version, .. Encoding.UTF8.GetBytes(column)];
        private byte[]? key;

        private byte[] Key => key ??= sealer.Derive("seal", column);

        public byte[] SealText(string text) => Seal(Encoding.UTF8.GetBytes(text));

        /// <inheritdoc cref="Open"/>
        public string OpenText(byte[] value) => Encoding.UTF8.GetString(Open(value));

        public byte[] Seal(byte[] content)
        {
            var value = new byte[Overhead + content.Length];
            value[0] = Version;
            var nonce = value.AsSpan(1, NonceSize);
            RandomNumberGenerator.Fill(nonce);

            // A cipher of its own for each value: one object is not for several threads, and making it costs a microsecond.
            using var gcm = new AesGcm(Key, TagSize);
            gcm.Encrypt(nonce, content, value.AsSpan(1 + NonceSize, content.Length), value.AsSpan(1 + NonceSize + content.Length), associated);
            return value;
        }

        /// <exception cref="SealedValueException">Damaged, not sealed, of another column, or sealed under another key ring.</exception>
        public byte[] Open(byte[] value)
        {
            if (value.Length < Overhead || value[0] != Version)
            {
                throw new SealedValueException($"A value of {column} is not sealed in a known way.");
            }

            var content = new byte[value.Length - Overhead];
            try
            {
                using var gcm = new AesGcm(Key, TagSize);
                gcm.Decrypt(value.AsSpan(1, NonceSize), value.AsSpan(1 + NonceSize, content.Length), value.AsSpan(1 + NonceSize + content.Length), content, associated);
            }
            catch (AuthenticationTagMismatchException mismatch)
            {
                throw new SealedValueException($"A value of {column} does not open: it is damaged, or was sealed under another key.", mismatch);
            }

            return content;
        }
    }
}

/// <summary>A sealed value that this program, with this key ring, never wrote. Never answered with garbage or with nothing.</summary>
public sealed class SealedValueException(string message, Exception? inner = null) : FormatException(message, inner);
