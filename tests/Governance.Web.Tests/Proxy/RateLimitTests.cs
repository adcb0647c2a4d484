using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Proxy.Limits;

namespace Governance.Web.Tests.Proxy;

/// <summary>Limits as callers meet them. The clock stands still; each test begins with nothing counted.</summary>
public sealed class RateLimitTests(RateLimitTests.Fixture proxy) : IClassFixture<RateLimitTests.Fixture>, IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RateLimitService Service => proxy.Server.Get<RateLimitService>();

    public async ValueTask InitializeAsync()
    {
        foreach (var row in await RowsAsync()) (await Service.DeleteAsync(proxy.Tenant.Admin, row.Id, Cancellation)).Required();
        proxy.Clock.Advance(TimeSpan.FromMinutes(2));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("azure")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    [InlineData("converse")]
    [InlineData("invoke")]
    public async Task Call_OverRequestsPerMinute_IsRefusedInTheFormatsOwnShapeUntilTheSecondThatItTells(string format)
    {
        var sample = FormatSample.All[format];
        await SetAsync(LimitScope.Key, null, new LimitValues(2, null, null));
        proxy.Clock.Advance(TimeSpan.FromMilliseconds(430));
        await PassesAsync(sample);
        proxy.Clock.Advance(TimeSpan.FromSeconds(7.7));
        await PassesAsync(sample);

        proxy.Clock.Advance(TimeSpan.FromSeconds(3.1));
        using (var refused = await SendAsync(sample))
        {
            Assert.Equal(429, (int)refused.StatusCode);
            var seconds = Seconds(refused);
            Assert.Equal(50, seconds); // The first call counts for 60.07 s, of which 10.8 are over.
            Assert.DoesNotContain(refused.Headers, header => header.Key.Contains("ratelimit", StringComparison.OrdinalIgnoreCase));
            AssertShape(format, JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Cancellation)).RootElement, refused, seconds);
            var row = (await proxy.BookedAsync(refused)).Row;
            Assert.Equal((CallOutcome.Refused, "rate_limit_exceeded", (int?)429, proxy.Tenant.Key.Id), (row.Outcome!.Outcome, row.Outcome.ErrorCode, row.Outcome.Status, row.Call.KeyId));
        }

        proxy.Clock.Advance(TimeSpan.FromSeconds(49));
        using (var early = await SendAsync(sample)) Assert.Equal((429, 1), ((int)early.StatusCode, Seconds(early)));
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));
        await PassesAsync(sample);
    }

    [Fact]
    public async Task Call_OverTokensPerMinute_CountsTheEstimateAndThenWhatWasUsed()
    {
        await SetAsync(LimitScope.Key, null, new LimitValues(null, 1_100, null));
        var gate = new Gate();
        proxy.Upstream.Enqueue(async exchange =>
        {
            await gate.PassAsync(exchange);
            await Replies.Json(Replies.Completion(prompt: 12, completion: 5))(exchange);
        });
        var first = ChatAsync(",\"max_tokens\":1000");
        await gate.Reached;
        using (var second = await ChatAsync(",\"max_tokens\":1000"))
        {
            Assert.Equal((429, "tokens"), ((int)second.StatusCode, (await ProxyFixture.ErrorAsync(second)).GetProperty("type").GetString()));
            Assert.Equal(61, Seconds(second));
        }

        gate.Open();
        Assert.True((await first).IsSuccessStatusCode);
        await Eventually.TrueAsync(async () => (await RowsAsync()).Single().Tokens.Used == 17, "the tokens were corrected");

        // One that uses far more than was thought keeps the next ones out.
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 12, completion: 2_000)));
        using (var large = await ChatAsync(",\"max_tokens\":1000")) Assert.True(large.IsSuccessStatusCode);
        await Eventually.TrueAsync(async () => (await RowsAsync()).Single().Tokens.Used == 2_029, "the tokens were corrected");
        using (var small = await ChatAsync(",\"max_tokens\":1")) Assert.Equal(429, (int)small.StatusCode);
        proxy.Clock.Advance(TimeSpan.FromSeconds(61));
        using (var later = await ChatAsync(",\"max_tokens\":1")) Assert.True(later.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Call_LargerThanTheTokenLimit_IsToldThatWaitingDoesNotHelp()
    {
        await SetAsync(LimitScope.Team, null, new LimitValues(null, 3_000, null));
        using var response = await ChatAsync(",\"max_tokens\":5000");
        var error = await ProxyFixture.ErrorAsync(response);
        Assert.Equal((400, "request_exceeds_limit"), ((int)response.StatusCode, error.GetProperty("code").GetString()));
        Assert.Contains("3,000 tokens a minute", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Null(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Call_OverConcurrentRequests_IsToldToComeBackInASecond()
    {
        await SetAsync(LimitScope.Application, proxy.Tenant.Application.Id.ToString(), new LimitValues(null, null, 1));
        var gate = new Gate();
        proxy.Upstream.Enqueue(Replies.GatedStream(gate, [Replies.Chunk("Hello")], [Replies.UsageChunk(), "data: [DONE]\n\n"]));
        var first = proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: true), Cancellation);
        await gate.Reached;
        using (var second = await ChatAsync())
        {
            Assert.Equal((429, 1), ((int)second.StatusCode, Seconds(second)));
            Assert.Contains("at the same time", (await ProxyFixture.ErrorAsync(second)).GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        gate.Open();
        Assert.True((await first).IsSuccessStatusCode);
        await Eventually.TrueAsync(async () =>
        {
            using var third = await ChatAsync();
            return third.IsSuccessStatusCode;
        }, "the place was given back");
    }

    [Fact]
    public async Task Call_CallerHangsUp_GivesItsPlaceBack()
    {
        await SetAsync(LimitScope.Key, null, new LimitValues(null, null, 1));
        var gate = new Gate();
        proxy.Upstream.Enqueue(Replies.GatedStream(gate, [Replies.Chunk("Hello")], [Replies.UsageChunk(), "data: [DONE]\n\n"]));
        await proxy.HangUpAfterFirstEventAsync(Cancellation);
        Assert.Equal(1, (await RowsAsync()).Single().Concurrent.Used);
        gate.Open();
        await Eventually.TrueAsync(async () => (await RowsAsync()).Single().Concurrent.Used == 0, "the place was given back");
    }

    [Theory]
    [InlineData(LimitScope.Key)]
    [InlineData(LimitScope.Application)]
    [InlineData(LimitScope.Team)]
    [InlineData(LimitScope.Person)]
    [InlineData(LimitScope.Address)]
    public async Task Call_LimitForEachOfAKind_CountsEachByItself(LimitScope scope)
    {
        var (_, other) = await proxy.Tenant.AddApplicationAsync(proxy.Server.Services, $"Other {scope}", $"Team {scope}");
        await SetAsync(scope, null, new LimitValues(1, null, null));
        using (var first = await ChatAsync(",\"user\":\"ann\"")) Assert.True(first.IsSuccessStatusCode);
        using (var second = await ChatAsync(",\"user\":\"ann\"")) Assert.Equal(429, (int)second.StatusCode);

        using var elsewhere = NewCaller(scope == LimitScope.Address ? "127.0.0.2" : "127.0.0.1", scope is LimitScope.Person or LimitScope.Address ? proxy.Tenant.Key.Secret : other.Secret);
        using (var third = await elsewhere.PostAsync(ProxyFixture.Path, ProxyFixture.Body(extra: ",\"user\":\"bob\""), Cancellation))
            Assert.True(third.IsSuccessStatusCode, await third.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(2, (await RowsAsync()).Single().Active);
    }

    [Fact]
    public async Task Call_LimitOfItsOwn_IsNotLimitedByTheDefault()
    {
        await SetAsync(LimitScope.Key, null, new LimitValues(1, null, null));
        await SetAsync(LimitScope.Key, proxy.Tenant.Key.Id.ToString(), new LimitValues(3, null, null));
        for (var call = 0; call < 3; call++)
        {
            using var passed = await ChatAsync();
            Assert.True(passed.IsSuccessStatusCode);
        }

        using var refused = await ChatAsync();
        Assert.Contains("this key, 3 requests a minute", (await ProxyFixture.ErrorAsync(refused)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_KeyOfAPerson_CountsForThemOnlyUnderALimitOfTheirOwn()
    {
        var owner = await proxy.Tenant.AddPersonAsync(proxy.Server.Services, "owner@example.test", "a long enough password");
        var key = (await proxy.Server.Get<KeyService>().CreateAsync(
            proxy.Tenant.Admin, new NewVirtualKey(proxy.Tenant.Application.Id, "Owner's", "test", "internal") { OwnerId = owner.Id }, Cancellation)).Required();
        using var caller = proxy.Server.NewClient(key.Secret);
        await SetAsync(LimitScope.Person, null, new LimitValues(1, null, null));
        Assert.Equal("200 200", await StatusesAsync(caller, 2));
        await SetAsync(LimitScope.Person, "Owner@example.test", new LimitValues(2, null, null));
        Assert.Equal("200 200 429", await StatusesAsync(caller, 3));
    }

    [Fact]
    public async Task Call_SeveralLimits_OneThatRefusesCountsInNone()
    {
        await SetAsync(LimitScope.Team, null, new LimitValues(10, null, 5));
        await SetAsync(LimitScope.Application, null, new LimitValues(10, 1_000_000, null));
        await SetAsync(LimitScope.Key, null, new LimitValues(1, null, null));
        Assert.Equal("200 429 429 429", await StatusesAsync(proxy.Caller, 4));
        await Eventually.TrueAsync(async () => (await RowsAsync()).Single(row => row.Scope == LimitScope.Team).Concurrent.Used == 0, "the place was given back");
        Assert.All(await RowsAsync(), row => Assert.Equal(1, row.Requests.Used));
    }

    [Fact]
    public async Task Call_SeveralLimitsRefuse_TellsTheLongestWait()
    {
        await SetAsync(LimitScope.Team, null, new LimitValues(2, null, null));
        await SetAsync(LimitScope.Key, null, new LimitValues(1, null, null));
        var (_, other) = await proxy.Tenant.AddApplicationAsync(proxy.Server.Services, "Sibling", "Platform");
        using var sibling = proxy.Server.NewClient(other.Secret);
        Assert.Equal("200", await StatusesAsync(sibling, 1));
        proxy.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("200", await StatusesAsync(proxy.Caller, 1));
        proxy.Clock.Advance(TimeSpan.FromSeconds(10));
        using var refused = await ChatAsync();
        Assert.Contains("this key", (await ProxyFixture.ErrorAsync(refused)).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(51, Seconds(refused)); // The team's would be over in 31.
    }

    [Fact]
    public async Task Call_ListOfModels_CountsAsARequestWithoutTokens()
    {
        await SetAsync(LimitScope.Key, null, new LimitValues(1, 1, null));
        proxy.Upstream.Enqueue(Replies.Json("""{"object":"list","data":[]}"""));
        using (var list = await proxy.Caller.GetAsync("/proxy/openai/v1/models", Cancellation)) Assert.True(list.IsSuccessStatusCode);
        using (var again = await proxy.Caller.GetAsync("/proxy/openai/v1/models", Cancellation)) Assert.Equal(429, (int)again.StatusCode);
    }

    private static void AssertShape(string format, JsonElement body, HttpResponseMessage response, int seconds)
    {
        switch (format)
        {
            case "anthropic":
                Assert.Equal("rate_limit_error", body.GetProperty("error").GetProperty("type").GetString());
                Assert.Equal("rate_limit_exceeded", body.GetProperty("error").GetProperty("code").GetString());
                break;
            case "gemini":
                Assert.Equal("RESOURCE_EXHAUSTED", body.GetProperty("error").GetProperty("status").GetString());
                Assert.Contains(body.GetProperty("error").GetProperty("details").EnumerateArray(), detail => detail.TryGetProperty("retryDelay", out var delay) && delay.GetString() == $"{seconds}s");
                break;
            case "converse" or "invoke":
                Assert.Equal("ThrottlingException", response.Headers.GetValues("x-amzn-ErrorType").Single());
                Assert.Contains("2 requests a minute", body.GetProperty("message").GetString(), StringComparison.Ordinal);
                break;
            default:
                Assert.Equal(("requests", "rate_limit_exceeded"), (body.GetProperty("error").GetProperty("type").GetString(), body.GetProperty("error").GetProperty("code").GetString()));
                break;
        }
    }

    private static int Seconds(HttpResponseMessage response) => (int)response.Headers.RetryAfter!.Delta!.Value.TotalSeconds;

    private async Task SetAsync(LimitScope scope, string? target, LimitValues values) =>
        (await Service.SetAsync(proxy.Tenant.Admin, scope, target, values, Cancellation)).Required();

    private Task<IReadOnlyList<RateLimitRow>> RowsAsync() => proxy.Server.Get<RateLimitQueries>().ListAsync(proxy.Tenant.Admin, Cancellation);

    private Task<HttpResponseMessage> ChatAsync(string extra = "") => proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(extra: extra), Cancellation);

    private static async Task<string> StatusesAsync(HttpClient caller, int calls)
    {
        var statuses = new List<int>();
        for (var call = 0; call < calls; call++)
        {
            using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);
            statuses.Add((int)response.StatusCode);
        }

        return string.Join(' ', statuses);
    }

    private async Task PassesAsync(FormatSample sample)
    {
        proxy.Upstream.Enqueue(Replies.Bytes(sample.Bytes, sample.MediaType));
        using var response = await SendAsync(sample);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        await proxy.BookedAsync(response);
    }

    private Task<HttpResponseMessage> SendAsync(FormatSample sample) => proxy.Caller.PostAsync($"/proxy/{sample.Path}", ProxyFixture.Json(sample.Body), Cancellation);

    /// <summary>Somebody who calls from an address of loopback.</summary>
    private HttpClient NewCaller(string address, string secret)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(context.DnsEndPoint, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri(proxy.Server.Url),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    /// <summary>One stub stands in for every provider, and the clock stands still.</summary>
    public sealed class Fixture : EveryFormatTests.Fixture
    {
        public FakeTime Clock { get; } = new();

        protected override TimeProvider Time => Clock;

        protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Processes:DeadAfter"] = "01:00:00" };
    }
}
