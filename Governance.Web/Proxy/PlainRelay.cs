using Governance.Domain.Proxy;

namespace Governance.Web.Proxy;

/// <summary>Relays an answer that is not streamed, byte for byte. It is read whole first, so that garbage never reaches the caller.</summary>
internal static class PlainRelay
{
    /// <summary>How long an answer is taken to be that does not say so.</summary>
    private const int FirstGuess = 4096;

    public static async Task<PlainAnswer> RunAsync(Relay relay)
    {
        var answer = await ReadAsync(relay);
        if (answer.Relayed.Error is null) await SendAsync(relay, answer);
        return answer;
    }

    /// <summary>Reads an answer; nothing of it has reached the caller then.</summary>
    public static async Task<PlainAnswer> ReadAsync(Relay relay)
    {
        byte[]? body;
        try
        {
            body = await ReadBodyAsync(relay);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return new PlainAnswer(new Relayed(CallOutcome.ProviderCut, ProxyErrors.ProviderCut), []);
        }

        var part = body is null ? AnswerPart.Garbage : relay.Reader.ReadBody(body);
        var failed = !relay.Upstream.IsSuccessStatusCode;
        if (part == AnswerPart.Garbage || (failed && part != AnswerPart.Error))
        {
            return new PlainAnswer(
                failed
                    ? new Relayed(CallOutcome.ProviderError, ProxyErrors.ProviderFailed((int)relay.Upstream.StatusCode))
                    : new Relayed(CallOutcome.ProviderGarbage, ProxyErrors.ProviderGarbage),
                []);
        }

        return new PlainAnswer(new Relayed(failed || part == AnswerPart.Error ? CallOutcome.ProviderError : CallOutcome.Succeeded), body!);
    }

    /// <summary>Sends an answer that holds no error of ours.</summary>
    public static async Task SendAsync(Relay relay, PlainAnswer answer)
    {
        relay.CopyHead(answer.Body.Length);
        await relay.SendAsync(answer.Body);
    }

    /// <summary>The whole body; none if it is larger than allowed.</summary>
    private static async Task<byte[]?> ReadBodyAsync(Relay relay)
    {
        await using var stream = await relay.Upstream.Content.ReadAsStreamAsync(relay.Deadline.Token);
        var announced = relay.Upstream.Content.Headers.ContentLength;
        if (announced > relay.MaxBytes) return null;
        var (body, length) = (new byte[announced is > 0 and { } bytes ? bytes : FirstGuess], 0);
        while (true)
        {
            if (length == body.Length)
            {
                if (length == announced) return body; // The client reads no more than was announced.
                Array.Resize(ref body, body.Length * 2);
            }

            var count = await stream.ReadAsync(body.AsMemory(length), relay.Deadline.Token);
            if (count == 0) return length == body.Length ? body : body[..length];
            relay.Received();
            length += count;
            if (length > relay.MaxBytes) return null;
        }
    }
}
