using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;

namespace Governance.Web.Tests.Api;

public sealed class ServiceAccountScopeTests : IAsyncLifetime
{
    private readonly FakeTime _clock = new();
    private GovernanceServer _server = null!;
    private Tenant _tenant = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await GovernanceServer.StartAsync(time: _clock);
        _tenant = await _server.AddTenantAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Any_WithoutItsScope_Is403WithProblemDetails()
    {
        using var client = await ClientAsync(new NewServiceAccount("Requests") { Scopes = [Permissions.RequestsRead] });

        using var allowed = await client.GetAsync("/api/v1/requests", Cancellation);
        using var forbidden = await client.GetAsync("/api/v1/costs", Cancellation);

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal("application/problem+json", forbidden.Content.Headers.ContentType?.MediaType);
        Assert.Equal(403, (await forbidden.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Any_AccountThatExpires_Is401FromThatMomentOn()
    {
        using var client = await ClientAsync(new NewServiceAccount("Short") { ExpiresAt = _clock.GetUtcNow().AddMinutes(5) });

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/costs", Cancellation)).StatusCode);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/costs", Cancellation)).StatusCode);
    }

    private async Task<HttpClient> ClientAsync(NewServiceAccount request) =>
        _server.NewClient((await _server.Get<ServiceAccountService>().CreateAsync(_tenant.Admin, request, Cancellation)).Required().Secret);
}
