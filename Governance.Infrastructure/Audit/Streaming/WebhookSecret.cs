using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Audit.Streaming;

/// <summary>Signs what is sent, as Standard Webhooks has it (https://www.standardwebhooks.com), so that receivers can use a library they have.</summary>
internal sealed class WebhookSecret
{
    private const string Purpose = "governance.audit.webhook";
    private const string Prefix = "whsec_";
    private const int Length = 32;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    public static WebhookSecret Create() => new(RandomNumberGenerator.GetBytes(Length));

    public static WebhookSecret Unwrap(byte[] wrapped, MasterKey master) => new(master.Unwrap(Purpose, wrapped));

    public byte[] Wrap(MasterKey master) => master.Wrap(Purpose, _key);

    /// <summary>As the receiver's library takes it.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key);

    /// <summary>The headers of a message.</summary>
    /// <param name="id">The same for every attempt.</param>
    /// <param name="at">When it is sent; a receiver refuses what is old.</param>
    /// <param name="body">What is sent.</param>
    public Dictionary<string, string> HeadersOf(string id, DateTimeOffset at, byte[] body)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var signature = HMACSHA256.HashData(_key, signed);
        return new(StringComparer.Ordinal)
        {
            ["webhook-id"] = id,
            ["webhook-timestamp"] = timestamp,
            ["webhook-signature"] = "v1," + Convert.ToBase64String(signature),
        };
    }
}
