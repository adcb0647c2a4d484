using Governance.Domain.Audit;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Testing.Server;
using Governance.Testing.Upstream;

namespace Governance.Infrastructure.Tests.Proxy.Connections;

/// <summary>What the test button finds.</summary>
public sealed class ConnectionTestTests : ConnectionTestBase
{
    private StubUpstream _upstream = null!;

    protected override async Task<ProductProcess> NewProcessAsync()
    {
        _upstream = await StubUpstream.StartAsync();
        return await base.NewProcessAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Test_ListOfModels_PassesAndKeepsThem()
    {
        var id = await CreateAsync(Draft with { BaseUrl = _upstream.BaseUrl }, approved: false);
        _upstream.Enqueue(Replies.Json("""{"object":"list","data":[{"id":"gpt-5"},{"id":"gpt-5-mini"},{"id":"gpt-5"},{"id":7},{}]}"""));
        var result = (await Service.TestAsync(Tenant.Admin, id, default)).Required();

        Assert.True(result.Passed, result.Error);
        var received = Assert.Single(_upstream.Received);
        Assert.Equal(("GET", "/v1/models", "Bearer " + Secret), (received.Method, received.Path, received.Headers["Authorization"]));
        var row = await RowAsync(id);
        Assert.Equal(["gpt-5", "gpt-5-mini"], row.Models);
        Assert.Equal((Clock.GetUtcNow(), Clock.GetUtcNow(), (string?)null), (row.ModelsReadAt, row.TestedAt, row.TestError));
        Assert.Single(await EventsAsync(), entry => entry.Action == "connection.tested" && entry.Outcome == AuditOutcome.Success);
    }

    [Fact]
    public async Task Test_ListOfThousands_KeepsAsManyAsItMay()
    {
        var id = await CreateAsync(Draft with { BaseUrl = _upstream.BaseUrl });
        _upstream.Enqueue(Replies.Json($$"""{"data":[{{string.Join(',', Enumerable.Range(0, 2000).Select(i => $$"""{"id":"model-{{i}}"}"""))}}]}"""));
        (await Service.TestAsync(Tenant.Admin, id, default)).Required();
        Assert.Equal(ConnectionTest.MaxModels, (await RowAsync(id)).Models.Count);
    }

    [Theory]
    [InlineData(401, "{}", "refused the key")]
    [InlineData(403, "{}", "refused the key")]
    [InlineData(400, """{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}""", "refused the key")]
    [InlineData(404, "{}", "not as the API of OpenAI does")]
    [InlineData(200, "<html>", "not as the API of OpenAI does")]
    [InlineData(200, "{}", "not as the API of OpenAI does")]
    [InlineData(307, "{}", "redirects are not followed")]
    [InlineData(429, "{}", "limit of requests")]
    [InlineData(500, "{}", "failure of its own")]
    public async Task Test_WhatIsWrong_IsSaidInWords(int status, string body, string words)
    {
        var id = await CreateAsync(Draft with { BaseUrl = _upstream.BaseUrl });
        _upstream.Enqueue(Replies.Json("""{"data":[{"id":"gpt-5"}]}"""));
        (await Service.TestAsync(Tenant.Admin, id, default)).Required();
        _upstream.Enqueue(Replies.Json(body, status));
        var result = (await Service.TestAsync(Tenant.Admin, id, default)).Required();

        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.Equal(status, result.Status);
        var row = await RowAsync(id);
        Assert.Equal((result.Error, 1), (row.TestError, row.Models.Count));
        Assert.Single(await EventsAsync(), entry => entry.Action == "connection.tested" && entry.Outcome == AuditOutcome.Failure);
    }

    [Fact]
    public async Task Test_NobodyThere_SaysSo()
    {
        var id = await CreateAsync(Draft with { BaseUrl = "http://127.0.0.1:9/v1" });
        Assert.Contains("cannot be reached", (await Service.TestAsync(Tenant.Admin, id, default)).Required().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_ConnectionThatBreaks_SaysSo()
    {
        var id = await CreateAsync(Draft with { BaseUrl = _upstream.BaseUrl });
        _upstream.Enqueue(Replies.HangUp);
        Assert.Contains("cannot be reached", (await Service.TestAsync(Tenant.Admin, id, default)).Required().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_SilentProvider_GivesUpAfterTenSeconds()
    {
        var id = await CreateAsync(Draft with { BaseUrl = _upstream.BaseUrl });
        var gate = new Gate();
        _upstream.Enqueue(gate.PassAsync);
        var testing = Service.TestAsync(Tenant.Admin, id, default);
        await gate.Reached;
        Clock.Advance(ConnectionTest.Timeout);
        Assert.Contains("within 10 seconds", (await testing).Required().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_EndlessAnswer_IsNotReadToItsEnd()
    {
        var id = await CreateAsync(Draft with { BaseUrl = _upstream.BaseUrl });
        _upstream.Enqueue(Replies.Json(new string('x', 3 * 1024 * 1024)));
        Assert.Contains("not as the API", (await Service.TestAsync(Tenant.Admin, id, default)).Required().Error, StringComparison.Ordinal);
    }
}
