using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;

namespace Governance.Web.Tests.Api.Audit;

/// <summary>A server with two organisations, each with a log; the first has more events than a tile has hashes.</summary>
public sealed class AuditApiFixture : IAsyncLifetime
{
    public const int Events = 300;
    public const string Address = "203.0.113.77";
    public const string PersonName = "ann";

    public GovernanceServer Server { get; private set; } = null!;

    public Tenant Mine { get; private set; } = null!;

    public Guid PersonId { get; private set; }

    /// <summary>May see the log, but not what it says about people.</summary>
    public HttpClient Reader { get; private set; } = null!;

    public string ReaderToken { get; private set; } = "";

    /// <summary>May see and export everything.</summary>
    public HttpClient Auditor { get; private set; } = null!;

    /// <summary>May only record.</summary>
    public HttpClient Writer { get; private set; } = null!;

    /// <summary>May do everything in the other organisation.</summary>
    public HttpClient Theirs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await GovernanceServer.StartAsync();
        Mine = await Server.AddTenantAsync();
        var theirs = await Server.AddTenantAsync();
        ReaderToken = await KeyAsync(Mine, "Reader", Permissions.AuditRead);
        Reader = Server.NewClient(ReaderToken);
        Auditor = Server.NewClient(await KeyAsync(Mine, "Auditor", Permissions.AuditRead, Permissions.AuditPayloads, Permissions.AuditExport));
        Writer = Server.NewClient(await KeyAsync(Mine, "Writer", Permissions.AuditWrite));
        Theirs = Server.NewClient(await KeyAsync(theirs, "All", Permissions.AuditRead, Permissions.AuditPayloads, Permissions.AuditExport, Permissions.AuditWrite));

        var person = await Mine.AddPersonAsync(Server.Services, $"{PersonName}@example.test", "a password of fifteen");
        PersonId = person.Id;
        await using var db = Server.Get<GovernanceDatabase>().ForOrganization(Mine.Id);
        for (var i = 1; i < Events; i++) Server.Get<AuditTrail>().Record(db, Mine.Admin, "key.updated", "key", $"key_{i:x32}", new { number = i });
        Server.Get<AuditTrail>().Record(
            db, Mine.Acting(person) with { IpAddress = Address }, "sign_in.failed", "session", null, outcome: AuditOutcome.Failure, reason: "wrong_password");
        await db.SaveChangesAsync();
        await CatchUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { Reader, Auditor, Writer, Theirs }) client.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>Gives every event its place, and signs.</summary>
    public Task CatchUpAsync() => Server.Get<AuditSequencer>().CatchUpAsync(Mine.Id, CancellationToken.None);

    public async Task<string> KeyAsync(Tenant tenant, string name, params string[] scopes) =>
        (await Server.Get<ServiceAccountService>().CreateAsync(tenant.Admin, new NewServiceAccount(name) { Scopes = scopes }, CancellationToken.None)).Required().Secret;

    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string json, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/audit/logs") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return await client.SendAsync(request);
    }

    /// <summary>The id of an event that was recorded.</summary>
    public static async Task<string> IdOfAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Created, body);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
        Assert.Equal($"/api/v1/audit/logs/{id}", response.Headers.Location!.OriginalString);
        return id;
    }

    public static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        await client.GetFromJsonAsync<JsonElement>("/api/v1/audit" + path, TestContext.Current.CancellationToken);
}
