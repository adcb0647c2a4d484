using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Caching;

namespace Governance.Web.Proxy;

/// <summary>What a call is answered with from the cache, and under what its answer is kept; nothing of either for most calls.</summary>
/// <param name="Key">Under what its answer is kept; none if it is not.</param>
/// <param name="Answer">The answer that is there already.</param>
internal readonly record struct CacheLookup(string? Key, CachedAnswer? Answer);

/// <summary>
/// Answers calls that were asked before, to the byte, where their application has it (docs/adr/0021-response-cache.md). A caller opts out
/// with <c>Cache-Control</c>: <c>no-cache</c> has it asked anew, <c>no-store</c> keeps nothing of it either.
/// </summary>
internal sealed class CallCache(ResponseCache answers, PriceBooks prices, TimeProvider time, ILogger<CallCache> logger)
{
    public const string Header = "x-governance-cache";

    /// <summary>What goes to the provider, but changes no answer.</summary>
    private static readonly string[] Irrelevant = ["User-Agent", "Idempotency-Key"];

    public CacheLookup Find(HttpContext http, CallTarget target, CallDraft draft, byte[] body)
    {
        if (draft.Holder!.CacheFor is not { } keepFor || !MayKeep(http, draft)) return default;
        var wishes = http.Request.GetTypedHeaders().CacheControl;
        var (ask, keep) = (wishes is { NoCache: true } or { NoStore: true }, wishes is not { NoStore: true });
        var key = KeyOf(http, target, draft, body);
        var answer = ask ? null : answers.Find(draft.Holder.OrganizationId, key, keepFor);
        http.Response.Headers[Header] = ask ? "bypass" : "miss";
        return new CacheLookup(keep ? key : null, answer);
    }

    /// <summary>Sends what was kept.</summary>
    public async Task SendAsync(HttpContext http, CachedAnswer answer, ContentTee? tee)
    {
        http.Response.StatusCode = answer.Result.Status!.Value;
        http.Response.ContentLength = answer.Body.Length;
        http.Response.Headers[Header] = "hit";
        foreach (var (name, values) in answer.Headers) http.Response.Headers[name] = values;
        http.Response.Headers.Age = ((long)(time.GetUtcNow() - answer.Result.EndedAt).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        tee?.Append(answer.Body);
        try
        {
            await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
        }
        catch (Exception exception) when (ProxyReply.CallerGone(http, exception))
        {
            // It is booked as answered: nothing was spent.
        }
    }

    /// <summary>Keeps an answer that came whole and well. Nothing that goes wrong here reaches the call.</summary>
    public async ValueTask KeepAsync(HttpContext http, CacheLookup lookup, CallDraft draft, Call call, CallResult result, byte[]? body)
    {
        if (lookup.Key is not { } key || body is null || body.Length > answers.MaxEntryBytes || result is not { Outcome: CallOutcome.Succeeded, Status: 200 }) return;
        try
        {
            var cost = CallPricing.Book(call, result, await prices.GetAsync(call.OrganizationId, CancellationToken.None)).CostNanoUsd;
            answers.Keep(key, new CachedAnswer(body, RelayedHeaders.OfAnswer(http.Response.Headers), result with { Attempts = [] }, cost), draft.Holder!.CacheFor!.Value);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.NotKept(logger, exception, call.Id);
        }
    }

    /// <summary>Streams are not kept, nor what costs nothing or goes on with a conversation that the provider keeps.</summary>
    private static bool MayKeep(HttpContext http, CallDraft draft) =>
        draft is { Match.Api.Free: false, Request: { Stream: false, Stateful: false } } && HttpMethods.IsPost(http.Request.Method);

    /// <summary>A hash of who asks, of what, and of where it may be answered: keys that may call different models get no answers of each other's.</summary>
    private static string KeyOf(HttpContext http, CallTarget target, CallDraft draft, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(draft.Holder!.OrganizationId.ToByteArray());
        Add(draft.Holder.ApplicationId.ToByteArray());
        AddText(target.Name);
        AddText(draft.Match!.Path + target.Query);
        foreach (var site in draft.Plan!.Candidates.Select(candidate => $"{candidate.Connection.Name}\n{candidate.Model}\n{candidate.SentModel}").Order(StringComparer.Ordinal)) AddText(site);
        foreach (var (name, values) in RelayedHeaders.OfCaller(http.Request.Headers))
        {
            if (!Irrelevant.Contains(name)) AddText($"{name}: {string.Join('\n', values)}");
        }

        Add(body);
        return Convert.ToBase64String(hash.GetHashAndReset());

        void AddText(string text) => Add(Encoding.UTF8.GetBytes(text));

        // Each part with its length, so that no two sequences of parts are the same bytes.
        void Add(ReadOnlySpan<byte> part)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(part);
        }
    }
}
