using System.Net.Http.Headers;

namespace Governance.Web.Tests.Security;

public sealed class CompressionTests : IAsyncLifetime
{
    private GovernanceServer _server = null!;
    private Tenant _tenant = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SecureServer.StartAsync();
        _tenant = await _server.AddTenantAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/costs", true)]
    [InlineData("/export/prices.csv", true)]
    [InlineData("/openapi/v1.json", true)]
    [InlineData("/account/sign-in", false)]
    [InlineData("/", false)]
    public async Task Response_ByWhatItHolds_IsCompressedOrNot(string path, bool compressed)
    {
        await _tenant.AddPersonAsync(_server.Services, "ann@example.test", "a long enough password");
        using var visitor = new Visitor(_server.Url);
        await visitor.SignInAsync("ann@example.test", "a long enough password");
        visitor.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await _tenant.AddServiceAccountAsync(_server.Services)).Secret);
        visitor.Client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br, gzip");

        using var response = await visitor.Client.GetAsync(path, Cancellation);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(compressed ? ["br"] : [], response.Content.Headers.ContentEncoding);
    }
}
