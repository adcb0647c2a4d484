using System.Text.Json;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Identity.Accounts;

/// <summary>
/// What an anonymous visitor asked for by mail address. It is kept as durable work, encrypted, and looked at later: so the answer to the
/// visitor, and the time it takes, are the same whether the address is known or not.
/// </summary>
/// <param name="Email">The address, as typed.</param>
/// <param name="Name">The name, where one was asked for.</param>
internal sealed record AccountRequest(string Email, string? Name = null)
{
    private const string Purpose = "governance.account-request";

    public string Seal(MasterKey key) => Convert.ToBase64String(key.Wrap(Purpose, JsonSerializer.SerializeToUtf8Bytes(this)));

    public static AccountRequest Open(string payload, MasterKey key) =>
        JsonSerializer.Deserialize<AccountRequest>(key.Unwrap(Purpose, Convert.FromBase64String(payload)))!;
}
