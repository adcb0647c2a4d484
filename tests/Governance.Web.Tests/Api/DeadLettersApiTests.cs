using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Web.Tests.Api;

/// <summary>The queue over the API, and in the metrics.</summary>
public sealed class DeadLettersApiTests : IAsyncLifetime
{
    private const string Kind = "test";
    private GovernanceServer _server = null!;
    private Tenant _tenant = null!;
    private HttpClient _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string?> { ["WorkQueue:PollInterval"] = "00:00:00.050", ["WorkQueue:CountInterval"] = "00:00:01" };
        _server = await GovernanceServer.StartAsync(settings: settings, configure: services => services.AddSingleton<IWorkHandler, Handler>());
        _tenant = await _server.AddTenantAsync();
        string[] scopes = [Permissions.DeadLettersRead, Permissions.DeadLettersManage, Permissions.MetricsRead];
        var account = (await _server.Get<ServiceAccountService>().CreateAsync(_tenant.Admin, new NewServiceAccount("Operations") { Scopes = scopes }, Cancellation)).Required();
        _api = _server.NewClient(account.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task List_ThenFind_TellsAllButThePayload()
    {
        var id = await AddAsync(Kind);
        var list = await _api.GetFromJsonAsync<JsonElement>("/api/v1/dead-letters?state=quarantined&text=500", Cancellation);
        var item = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal((Id(id), "quarantined", "The receiver answered #."), (item.GetProperty("workId").GetString(), item.GetProperty("state").GetString(), item.GetProperty("errorPattern").GetString()));
        var one = await _api.GetStringAsync($"/api/v1/dead-letters/{Id(id)}", Cancellation);
        Assert.DoesNotContain("secret of the payload", one + list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_ByIdAndByFilter_IsDone()
    {
        var (one, other) = (await AddAsync(Kind), await AddAsync(Kind));
        using var chosen = await _api.PostAsJsonAsync("/api/v1/dead-letters/retry", new { ids = new[] { Id(one) } }, Cancellation);
        Assert.Equal(1, (await chosen.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("count").GetInt32());
        using var all = await _api.PostAsJsonAsync("/api/v1/dead-letters/retry", new { kind = Kind }, Cancellation);
        Assert.StartsWith("bulk_", (await all.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("operationId").GetString(), StringComparison.Ordinal);
        await GoneAsync(one, other);
        var operation = (await _api.GetFromJsonAsync<JsonElement>("/api/v1/dead-letters/operations", Cancellation)).GetProperty("items")[0];
        Assert.Equal(("retry", 1), (operation.GetProperty("action").GetString(), operation.GetProperty("matched").GetInt32()));
    }

    [Fact]
    public async Task Discard_NeedsAReason_AndAPersonWhereItIsDelicate()
    {
        var (harmless, delicate) = (await AddAsync(Kind), await AddAsync("unknown"));
        using var unreasoned = await _api.PostAsJsonAsync("/api/v1/dead-letters/discard", new { ids = new[] { Id(harmless) } }, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, unreasoned.StatusCode);
        using var done = await _api.PostAsJsonAsync("/api/v1/dead-letters/discard", new { ids = new[] { Id(harmless) }, reason = "No use" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        await GoneAsync(harmless);
        using var refused = await _api.PostAsJsonAsync("/api/v1/dead-letters/discard", new { ids = new[] { Id(delicate) }, reason = "No use" }, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/dead-letters?state=1")]
    [InlineData("/api/v1/dead-letters?cursor=x")]
    [InlineData("/api/v1/dead-letters?limit=0")]
    [InlineData("/api/v1/dead-letters/nonsense")]
    public async Task Any_Nonsense_IsNamed(string path)
    {
        using var response = await _api.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_OfTheQueue_TellCountAndAge()
    {
        await AddAsync(Kind);
        await Eventually.TrueAsync(
            async () =>
            {
                var metrics = await _api.GetStringAsync("/metrics", Cancellation);
                return metrics.Split('\n').Any(line => line.StartsWith("governance_work_items", StringComparison.Ordinal) && line.Contains("quarantined", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal))
                    && metrics.Contains("governance_work_oldest_age", StringComparison.Ordinal);
            },
            "the item was counted");
    }

    private static string Id(Guid id) => PublicId.Format(PublicId.WorkItem, id);

    private Task GoneAsync(params Guid[] ids) => Eventually.TrueAsync(
        async () =>
        {
            await using var db = _server.Get<GovernanceDatabase>().ForOrganization(_tenant.Id);
            return !await db.WorkItems.AnyAsync(item => ids.Contains(item.Id));
        },
        "the items are gone");

    private async Task<Guid> AddAsync(string kind)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = _server.Get<GovernanceDatabase>().ForOrganization(_tenant.Id);
        var item = new WorkItem
        {
            Id = Guid.CreateVersion7(now), OrganizationId = _tenant.Id, Kind = kind, Payload = """{"x":"secret of the payload"}""", CreatedAt = now, DueAt = now, State = WorkState.Quarantined,
            QuarantinedAt = now, Attempts = 12, LastError = "The receiver answered 500.", ErrorPattern = "The receiver answered #.",
        };
        db.WorkItems.Add(item);
        await db.SaveChangesAsync(Cancellation);
        return item.Id;
    }

    private sealed class Handler : IWorkHandler
    {
        public string Kind => DeadLettersApiTests.Kind;

        public WorkTraits Traits => new("Test", WorkTouches.Nothing);

        public Task HandleAsync(WorkItem item, CancellationToken cancellation) => Task.CompletedTask;
    }
}
