using System.Net.Http.Headers;
using System.Text;
using Governance.Domain.Identity;
using Governance.Domain.Proxy.Bedrock;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Proxy;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Web.Tests.Proxy;

/// <summary>The product in front of a scripted Bedrock, which stands where the sandbox would; the server's clock stands still.</summary>
public sealed class BedrockFixture : IAsyncLifetime
{
    public const string Model = "amazon.nova-pro-v1:0";
    public const string Converse = "/proxy/bedrock/model/amazon.nova-pro-v1%3A0/converse";
    public const string Request = """{"messages":[{"role":"user","content":[{"text":"How are you?"}]}]}""";

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public FakeTime Clock { get; } = new();

    public StubUpstream Upstream { get; private set; } = null!;

    public GovernanceServer Server { get; private set; } = null!;

    public Tenant Tenant { get; private set; } = null!;

    /// <summary>A key that may call Bedrock.</summary>
    public CreatedKey Key { get; private set; } = null!;

    public CreatedSigningKey Pair { get; private set; } = null!;

    public RequestSigningKeyService Pairs => Server.Get<RequestSigningKeyService>();

    public async ValueTask InitializeAsync()
    {
        Upstream = await StubUpstream.StartAsync(Replies.Json(Answer()));
        Server = await GovernanceServer.StartAsync(
            settings: new Dictionary<string, string?> { ["Providers:Sandbox:Enabled"] = "true", ["Processes:DeadAfter"] = "01:00:00", ["Proxy:MaxRequestBytes"] = "65536", ["Proxy:Resilience:Attempts"] = "1" },
            time: Clock,
            configure: services => services.AddSingleton(new OwnAddress(() => Upstream.Url)));
        Tenant = await Server.AddTenantAsync();
        (Key, Pair) = await AddKeyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>A further key with a pair that signs for it.</summary>
    public async Task<(CreatedKey Key, CreatedSigningKey Pair)> AddKeyAsync()
    {
        var key = (await Server.Get<KeyService>().CreateAsync(
            Tenant.Admin, new NewVirtualKey(Tenant.Application.Id, "Bedrock", "test", "internal") { Scopes = [ProxyApis.Converse, ProxyApis.InvokeModel] }, default)).Required();
        return (key, (await Pairs.CreateAsync(Tenant.Admin, key.Id, default)).Required());
    }

    /// <summary>A whole answer of Converse.</summary>
    public static string Answer(long input = 1000, long output = 200, long cached = 0) =>
        $$$"""{"output":{"message":{"role":"assistant","content":[{"text":"Well"}]}},"stopReason":"end_turn","usage":{"inputTokens":{{{input}}},"outputTokens":{{{output}}},"totalTokens":{{{input + output}}},"cacheReadInputTokens":{{{cached}}}},"metrics":{"latencyMs":1}}""";

    /// <summary>A request as an SDK of AWS signs it.</summary>
    public HttpRequestMessage Signed(CreatedSigningKey pair, string path = Converse, string body = Request, DateTimeOffset? at = null)
    {
        var address = new Uri(Server.Url + path, in AsItIs);
        var date = AwsSignature.Timestamp(at ?? Clock.GetUtcNow());
        var headers = new Dictionary<string, string> { ["content-type"] = "application/json", ["host"] = address.Authority, ["x-amz-date"] = date };
        var parts = path.Split('?');
        var authorization = AwsSignature.Sign(
            new AwsRequest("POST", parts[0], parts.Length > 1 ? parts[1] : "", headers, Encoding.UTF8.GetBytes(body)), pair.AccessKeyId, pair.Secret, "us-east-1");
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Content(body) };
        request.Headers.TryAddWithoutValidation("x-amz-date", date);
        request.Headers.TryAddWithoutValidation("Authorization", authorization.Header);
        return request;
    }

    public static ByteArrayContent Content(string body) => new(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    /// <summary>The call in the ledger once it has ended.</summary>
    public async Task<RequestRow> BookedAsync(HttpResponseMessage response) => (await Eventually.SomeAsync(
        async () => await Server.Get<RequestQueries>().FindAsync(Tenant.Admin, ProxyFixture.CallId(response), default) is { Row.IsOpen: false } detail ? detail : null,
        "the call was booked")).Row;
}
