using System.Text;
using Microsoft.AspNetCore.Http;

namespace Governance.Testing.Upstream;

/// <summary>One request in the hands of a script.</summary>
public sealed class UpstreamExchange(HttpContext http, UpstreamRequest request, CancellationToken ended)
{
    public UpstreamRequest Request => request;

    /// <summary>The caller hung up, or the stub is being stopped.</summary>
    public CancellationToken Ended => ended;

    /// <summary>Sets status and headers; they go out with the first bytes.</summary>
    public void Head(int status = 200, string? contentType = null, params (string Name, string Value)[] headers)
    {
        http.Response.StatusCode = status;
        if (contentType is not null) http.Response.ContentType = contentType;
        foreach (var (name, value) in headers) http.Response.Headers[name] = value;
    }

    /// <summary>Sends bytes at once, as a chunk of their own.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await http.Response.Body.WriteAsync(bytes, ended);
        await http.Response.Body.FlushAsync(ended);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends the head alone.</summary>
    public Task StartAsync() => http.Response.StartAsync(ended);

    /// <summary>Announces a length that the body then need not keep.</summary>
    public void Announce(long length) => http.Response.ContentLength = length;

    /// <summary>Breaks the connection.</summary>
    public void Abort() => http.Abort();
}

/// <summary>A place in a script at which it waits until the test lets it go on.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once a script has come to the gate.</summary>
    public Task Reached => _reached.Task.WaitAsync(Eventually.Bound);

    public void Open() => _open.TrySetResult();

    public Task PassAsync(UpstreamExchange exchange)
    {
        _reached.TrySetResult();
        return _open.Task.WaitAsync(exchange.Ended);
    }
}
