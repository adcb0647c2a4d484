using System.Net;

namespace Governance.Bench;

/// <summary>The baseline: reads the body, sends it on, copies the answer back as it comes.</summary>
internal static class PassThrough
{
    public static async Task<int> RunAsync(string upstream, CancellationToken cancellation)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None });
        await using var app = BareServer.Create();
        app.MapPost("/v1/chat/completions", async http =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{upstream}/v1/chat/completions") { Content = new StreamContent(http.Request.Body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            using var response = await client.SendAsync(request, http.RequestAborted);
            http.Response.StatusCode = (int)response.StatusCode;
            http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            http.Response.ContentLength = response.Content.Headers.ContentLength;
            await using var body = await response.Content.ReadAsStreamAsync(http.RequestAborted);
            var buffer = new byte[16 * 1024];
            while (await body.ReadAsync(buffer, http.RequestAborted) is > 0 and var count)
            {
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, count), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        });
        await BareServer.ServeAsync(app, cancellation);
        return 0;
    }
}
