using System.Net.Http.Headers;
using System.Text;
using Governance.Domain;
using Governance.Testing.Upstream;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>An application that calls a model through the product.</summary>
internal sealed class ProxyCaller : IDisposable
{
    private readonly HttpClient _http;

    public ProxyCaller(ProductUnderTest product, string key)
    {
        // One connection: an answer on it says that the product was done with the call before; its outcome is booked some milliseconds later.
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = new Uri(product.Url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Settings with which the product forwards to a provider.</summary>
    public static Dictionary<string, string?> Provider(StubUpstream upstream) => new()
    {
        ["Providers:OpenAI:BaseUrl"] = upstream.BaseUrl,
        ["Providers:OpenAI:ApiKey"] = StubUpstream.ApiKey,
    };

    /// <returns>The call's id, once all of the answer is there.</returns>
    public async Task<Guid> CallAsync()
    {
        using var response = await _http.PostAsync("/proxy/openai/v1/chat/completions", Body(stream: false));
        response.EnsureSuccessStatusCode();
        return IdOf(response);
    }

    /// <returns>The call's id, once the answer begins; it stays open.</returns>
    public async Task<Guid> OpenStreamAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/proxy/openai/v1/chat/completions") { Content = Body(stream: true) };
        return IdOf(await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    public void Dispose() => _http.Dispose();

    private static StringContent Body(bool stream) => new(
        $$"""{"model":"gpt-5-mini","max_tokens":50,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json");

    private static Guid IdOf(HttpResponseMessage response) =>
        PublicId.TryParse(PublicId.Request, response.Headers.GetValues("x-governance-request-id").Single(), out var id) ? id : throw new InvalidOperationException();
}
