using Governance.Domain.Proxy;

namespace Governance.Web.Proxy;

/// <summary>Relays an answer that is not streamed, byte for byte. It is read whole first, so that garbage never reaches the caller.</summary>
internal static class PlainRelay
{
    public static async Task<Relayed> RunAsync(Relay relay)
    {
        byte[]? body;
        try
        {
            body = await ReadAsync(relay);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return new Relayed(CallOutcome.ProviderCut, ProxyErrors.ProviderCut);
        }

        var part = body is null ? AnswerPart.Garbage : relay.Reader.ReadBody(body);
        var failed = !relay.Upstream.IsSuccessStatusCode;
        if (part == AnswerPart.Garbage || (failed && part != AnswerPart.Error))
        {
            return failed
                ? new Relayed(CallOutcome.ProviderError, ProxyErrors.ProviderFailed((int)relay.Upstream.StatusCode))
                : new Relayed(CallOutcome.ProviderGarbage, ProxyErrors.ProviderGarbage);
        }

        relay.CopyHead(body!.Length);
        await relay.SendAsync(body);
        return new Relayed(failed || part == AnswerPart.Error ? CallOutcome.ProviderError : CallOutcome.Succeeded);
    }

    /// <summary>The whole body; none if it is larger than allowed.</summary>
    private static async Task<byte[]?> ReadAsync(Relay relay)
    {
        await using var stream = await relay.Upstream.Content.ReadAsStreamAsync(relay.Deadline.Token);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, relay.Deadline.Token);
            if (count == 0) return body.ToArray();
            relay.Received();
            if (body.Length + count > relay.MaxBytes) return null;
            body.Write(buffer, 0, count);
        }
    }
}
