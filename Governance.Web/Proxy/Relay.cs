using System.Globalization;
using Governance.Domain.Proxy;

namespace Governance.Web.Proxy;

/// <summary>How relaying an answer went.</summary>
/// <param name="Outcome">What the ledger records.</param>
/// <param name="Error">An error of ours that the caller has yet to be told; none if all is well, or the caller was told in the stream.</param>
internal readonly record struct Relayed(CallOutcome Outcome, ProxyError? Error = null);

/// <summary>An answer on its way from the provider to the caller.</summary>
internal sealed class Relay(
    HttpContext http, HttpResponseMessage upstream, ErrorShape errors, AnswerReader reader, UpstreamDeadline deadline, TimeProvider time, int maxBytes, ContentTee? tee)
{
    public HttpResponseMessage Upstream => upstream;

    /// <summary>How the provider's errors look.</summary>
    public ErrorShape Errors => errors;

    /// <summary>Collects usage and other facts.</summary>
    public AnswerReader Reader => reader;

    /// <summary>Ends the answer if the provider falls silent.</summary>
    public UpstreamDeadline Deadline => deadline;

    /// <summary>The largest answer, or event of a stream.</summary>
    public int MaxBytes => maxBytes;

    /// <summary>When the provider's first byte was read.</summary>
    public DateTimeOffset? FirstByteAt { get; private set; }

    /// <summary>Whether the caller hung up before everything was sent.</summary>
    public bool CallerMissedBytes { get; private set; }

    /// <summary>The provider sent something.</summary>
    public void Received()
    {
        FirstByteAt ??= time.GetUtcNow();
        deadline.Touch();
    }

    /// <summary>Passes on the provider's status and headers; to be called before the first byte.</summary>
    public void CopyHead(long? length = null)
    {
        http.Response.StatusCode = (int)upstream.StatusCode;
        http.Response.ContentLength = length;
        RelayedHeaders.CopyToCaller(upstream, http.Response);
        if (reader.RetryAfter is { } wait && http.Response.Headers.RetryAfter.Count == 0)
            http.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Sends bytes to the caller; one who is gone is noted and no longer sent to.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        tee?.Append(bytes.Span);
        if (deadline.CallerGone)
        {
            CallerMissedBytes = true;
            return;
        }

        try
        {
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
        catch (Exception exception) when (ProxyReply.CallerGone(http, exception))
        {
            CallerMissedBytes = true;
            deadline.OnCallerGone();
        }
    }
}
