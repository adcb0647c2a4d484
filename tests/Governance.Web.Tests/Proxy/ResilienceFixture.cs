using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Connections;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Tests.Proxy;

/// <summary>
/// The product with the rules of resilience that it comes with, a clock that stands still, and one stub for every provider. Breakers are each
/// organisation's own, so every test has an organisation.
/// </summary>
public class ResilienceFixture : ProxyFixture
{
    public FakeTime Clock { get; } = new();

    /// <summary>A second provider, for what falls back.</summary>
    public StubUpstream Spare { get; private set; } = null!;

    protected override TimeProvider Time => Clock;

    protected override Dictionary<string, string?> Resilience => [];

    protected override Dictionary<string, string?> Settings => new(
        new[] { "Anthropic", "Gemini", "AzureOpenAI", "Bedrock" }
            .SelectMany(provider => new[] { KeyValuePair.Create($"Providers:{provider}:BaseUrl", (string?)Upstream.Url), new($"Providers:{provider}:ApiKey", StubUpstream.ApiKey) }))
    {
        ["Processes:DeadAfter"] = "01:00:00",
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Spare = await StubUpstream.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Spare.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An organisation with two connections, "first" to the provider and "second" to the spare one, neither of which is tried twice.</summary>
    public async Task<ResilienceCaller> NewCallerAsync(CancellationToken cancellation, int attempts = 1, string? firstUrl = null, int? silentSeconds = null)
    {
        var tenant = await Server.AddTenantAsync();
        var service = Server.Get<ConnectionService>();
        foreach (var (name, url) in new[] { ("first", firstUrl ?? Upstream.BaseUrl), ("second", Spare.BaseUrl) })
        {
            var draft = new ConnectionDraft(name, "openai", url) { Secret = "sk-" + name, Attempts = attempts, ActivityTimeoutSeconds = silentSeconds };
            (await service.ApproveAsync(tenant.Admin, (await service.CreateAsync(tenant.Admin, draft, cancellation)).Required(), cancellation)).Required();
        }

        // The tests' own bound is longer than a client's.
        var client = Server.NewClient(tenant.Key.Secret);
        client.Timeout = Timeout.InfiniteTimeSpan;
        return new ResilienceCaller(this, tenant, client);
    }
}

/// <summary>An organisation that calls.</summary>
public sealed record ResilienceCaller(ResilienceFixture Proxy, Tenant Tenant, HttpClient Client) : IDisposable
{
    public const string First = "/proxy/first/chat/completions";

    public Task<HttpResponseMessage> CallAsync(string path = First, string model = "gpt-5-mini", bool stream = false) =>
        Client.PostAsync(path, ProxyFixture.Body(model, stream));

    /// <summary>So many calls that the provider answers with a status.</summary>
    public async Task FailAsync(int calls, int status = 503, string path = First, HttpContent? body = null, params (string, string)[] headers)
    {
        for (var call = 0; call < calls; call++)
        {
            Proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Overloaded"), status, headers));
            using var response = body is null ? await CallAsync(path) : await Client.PostAsync(path, ProxyFixture.Json(await body.ReadAsStringAsync()));
            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    public async Task<RequestDetail> BookedAsync(HttpResponseMessage response)
    {
        var id = ProxyFixture.CallId(response);
        return await Eventually.SomeAsync(
            async () => await Proxy.Server.Get<RequestQueries>().FindAsync(Tenant.Admin, id, CancellationToken.None) is { Row.IsOpen: false } detail ? detail : null,
            "the call was booked");
    }

    /// <summary>What the organisation's table of a kind holds.</summary>
    public async Task<List<T>> RowsAsync<T>()
        where T : class
    {
        await using var db = Proxy.Server.Get<GovernanceDatabase>().ForOrganization(Tenant.Id);
        return await db.Set<T>().AsNoTracking().ToListAsync();
    }

    public static string? RetryAfter(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.ToString() : null;

    public void Dispose() => Client.Dispose();
}
