using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy.Connections;

/// <summary>An organisation that sets connections up.</summary>
public abstract class ConnectionTestBase : ProductTest
{
    protected const string Secret = "sk-live-0123456789-abcdefghij";

    private protected static readonly ConnectionDraft Draft = new("openai-eu", "openai", "https://eu.api.openai.com/v1/") { Secret = Secret, Account = "proj_1" };

    protected ConnectionService Service => Get<ConnectionService>();

    protected async Task<Guid> CreateAsync(ConnectionDraft? draft = null, bool approved = true)
    {
        var id = (await Service.CreateAsync(Tenant.Admin, draft ?? Draft, default)).Required();
        if (approved) (await Service.ApproveAsync(Tenant.Admin, id, default)).Required();
        return id;
    }

    protected async Task<ProviderConnection?> CalledAsync(string segment, Guid? organization = null) =>
        await Get<ProviderConnections>().FindAsync(organization ?? Tenant.Id, Providers.OfBase(segment), segment, default);

    protected async Task<Connection> RowAsync(Guid id) => (await RowsAsync<Connection>()).Single(row => row.Id == id);
}
