using System.Net;
using System.Net.Http.Json;

namespace Governance.Web.Tests.Security;

public sealed class BodyLimitTests
{
    private static readonly string TwoMegabytes = new('a', 2 * 1024 * 1024);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_FormThatIsTooLarge_IsRefused()
    {
        await using var server = await GovernanceServer.StartAsync();
        await server.AddTenantAsync();
        using var form = new FormUrlEncodedContent([new("Input.Email", TwoMegabytes)]);

        using var response = await server.Client.PostAsync("/account/sign-in", form, Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Proxy_LargePrompt_HasABoundOfItsOwn()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var server = await GovernanceServer.StartAsync(upstream: upstream);
        using var caller = server.NewClient((await server.AddTenantAsync()).Key.Secret);

        using var response = await CallAsync(caller);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Sandbox_LargePrompt_IsAnswered()
    {
        await using var server = await GovernanceServer.StartAsync(settings: new Dictionary<string, string?> { ["Providers:Sandbox:Enabled"] = "true" });
        using var caller = server.NewClient((await server.AddTenantAsync()).Key.Secret);

        using var response = await CallAsync(caller);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static Task<HttpResponseMessage> CallAsync(HttpClient caller) => caller.PostAsJsonAsync(
        "/proxy/openai/v1/chat/completions", new { model = "gpt-5-mini", messages = new[] { new { role = "user", content = TwoMegabytes } } }, Cancellation);
}
