using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy.Connections;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Demo;

/// <summary>The demo's connections. All of them lead to the sandbox of this very process, so that nothing leaves the machine.</summary>
internal sealed class DemoConnections(ConnectionService connections, GovernanceDatabase database)
{
    public const string OpenAi = "openai-production-eu";
    public const string OpenAiSpare = "openai-spare-us";
    public const string Azure = "azure-west-europe";

    private const string Key = "sandbox";

    private static readonly (string Name, string Kind, string? Account, bool Approved, Dictionary<string, string> Aliases)[] All =
    [
        (OpenAi, "openai", "proj_meridian-production", true, []),
        (OpenAiSpare, "openai", "proj_meridian-spare", true, []),
        (Azure, "azure-openai", "Meridian Works / Data platform", true, new() { ["indexer-gpt-41"] = "gpt-4.1", ["finance-gpt-55"] = "gpt-5.5" }),
        ("vllm-research", "openai-compatible", "GPU cluster, Data Science", false, new() { ["llama-70b-chat"] = "llama-3.3-70b-instruct" }),
    ];

    /// <summary>The connection that a call of the made-up history went through; none for kinds that have none.</summary>
    public static string? Of(string provider) => provider switch
    {
        "openai" => OpenAi,
        "azure-openai" => Azure,
        _ => null,
    };

    /// <summary>Those whose kind is served. Where the program does not listen on this machine's own address, there are none, and the sandbox answers.</summary>
    public async Task CreateAsync(Actor actor, string url, CancellationToken cancellation)
    {
        foreach (var (name, kind, account, approved, aliases) in All)
        {
            if (Providers.Find(kind) is not { } provider) continue;
            var draft = new ConnectionDraft(name, kind, AddressOf(provider, url)) { Account = account, Secret = Key, Aliases = aliases };
            if ((await connections.CreateAsync(actor, draft, cancellation)) is { Succeeded: true, Value: var id } && approved)
                await connections.ApproveAsync(actor, id, cancellation);
        }
    }

    /// <summary>Has them lead to where this process listens now.</summary>
    public async Task MoveAsync(string url, CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        var rows = await (
            from connection in db.Connections
            join organization in db.Organizations on connection.OrganizationId equals organization.Id
            where organization.IsDemo
            select connection).AsNoTracking().ToListAsync(cancellation);
        foreach (var row in rows.Where(row => All.Any(known => known.Name == row.Name)))
        {
            if (Providers.Find(row.Kind) is not { } provider || row.BaseUrl == AddressOf(provider, url)) continue;
            var actor = Actor.System(row.OrganizationId);
            var draft = new ConnectionDraft(row.Name, row.Kind, AddressOf(provider, url)) { Region = row.Region, Account = row.Account, Secret = Key, Aliases = row.Aliases };
            if ((await connections.ChangeAsync(actor, row.Id, draft, cancellation)).Succeeded && row.ApprovedAt is not null) await connections.ApproveAsync(actor, row.Id, cancellation);
        }
    }

    /// <summary>A compatible server answers as OpenAI does.</summary>
    private static string AddressOf(Provider kind, string url) => $"{url}/sandbox/{(kind.Base.Length > 0 ? kind : Providers.OpenAi).Base}{kind.VersionPrefix}";
}
