using System.Text.Json;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Notifications;

/// <summary>A mail as it lies in the queue: encrypted with its address, because its link may let somebody in.</summary>
/// <param name="Wrapped">The mail, wrapped under the master key.</param>
internal sealed record SealedMail(byte[] Wrapped)
{
    private const string Purpose = "governance.mail";

    public static string Seal(OutgoingMail mail, MasterKey key) =>
        JsonSerializer.Serialize(new SealedMail(key.Wrap(Purpose, JsonSerializer.SerializeToUtf8Bytes(mail))));

    public static OutgoingMail Open(string payload, MasterKey key)
    {
        var wrapped = JsonSerializer.Deserialize<SealedMail>(payload)?.Wrapped ?? throw new InvalidDataException("The mail is empty.");
        return JsonSerializer.Deserialize<OutgoingMail>(key.Unwrap(Purpose, wrapped)) ?? throw new InvalidDataException("The mail is empty.");
    }
}
