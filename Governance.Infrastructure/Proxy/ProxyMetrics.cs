using System.Diagnostics;
using System.Diagnostics.Metrics;
using Governance.Domain.Audit;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// What is counted of proxied calls, by OpenTelemetry's conventions for generative AI and, with the prefix <c>governance.</c>, the program's
/// own. It counts what was committed to the ledger, so the two agree. A counter cannot fall, so a correction is not counted.
/// </summary>
public sealed class ProxyMetrics
{
    /// <summary>The name of the meter, and of the source of spans.</summary>
    public const string Source = "Governance";

    /// <summary>Whose calls a series counts: nobody may read another organisation's.</summary>
    public const string Organization = "governance.organization";

    /// <summary>The buckets that the conventions advise.</summary>
    private static readonly InstrumentAdvice<long> TokenBuckets = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
    };

    private static readonly InstrumentAdvice<double> DurationBuckets = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    private readonly ModelLabels _models = new();
    private readonly Counter<long> _input;
    private readonly Counter<long> _output;
    private readonly Counter<long> _cacheRead;
    private readonly Counter<long> _cacheWrite;
    private readonly Counter<long> _reasoning;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _cost;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _cacheHits;
    private readonly Counter<long> _saved;

    public ProxyMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Source);
        _input = Tokens(meter, "input_tokens", "Prompt tokens, those read from or written to a cache included.");
        _output = Tokens(meter, "output_tokens", "Completion tokens, reasoning included.");
        _cacheRead = Tokens(meter, "cache_read.input_tokens", "Prompt tokens read from a cache.");
        _cacheWrite = Tokens(meter, "cache_write.input_tokens", "Prompt tokens written to a cache.");
        _reasoning = Tokens(meter, "reasoning.output_tokens", "Completion tokens that were spent on reasoning.");
        _tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens a call, by type; the older convention.", null, TokenBuckets);
        _duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "How long calls took, from their start to their end.", null, DurationBuckets);
        _calls = meter.CreateCounter<long>("governance.calls", "{call}", "Calls by how they ended.");
        _cost = meter.CreateCounter<long>("governance.cost.nano_usd", "{nano_usd}", "What calls cost, in 1e-9 US dollars.");
        _refusals = meter.CreateCounter<long>("governance.refusals", "{call}", "Calls that were refused, by the code of the refusal.");
        _cacheHits = meter.CreateCounter<long>("governance.response_cache.hits", "{call}", "Calls that were answered from the response cache.");
        _saved = meter.CreateCounter<long>("governance.response_cache.saved.nano_usd", "{nano_usd}", "What those stored answers had cost, in 1e-9 US dollars.");
    }

    /// <summary>The model's name as telemetry may show it.</summary>
    internal string ModelOf(LedgerEntry entry) => _models.Of(entry.Model, IsTrusted(entry));

    /// <summary>Counts what was booked; to be called after the commit, once an entry.</summary>
    /// <param name="entry">The outcome of a call.</param>
    /// <param name="operation">One of <see cref="GenAiNames"/>.</param>
    internal void Record(LedgerEntry entry, string operation)
    {
        if (entry.RequestCount == 0) return;
        var tags = TagsOf(entry, operation);
        var outcome = KeyValuePair.Create<string, object?>("governance.outcome", AuditLeaf.NameOf(entry.Outcome));
        _calls.Add(1, With(tags, outcome));
        if (entry.CostNanoUsd > 0) _cost.Add(entry.CostNanoUsd, tags);
        if (entry.Outcome == CallOutcome.Refused)
        {
            _refusals.Add(1, new TagList { { Organization, entry.OrganizationId.ToString() }, { "governance.refusal.code", entry.ErrorCode ?? "unknown" } });
            return;
        }

        // No provider worked on it, so it says nothing about models.
        if (entry.SavedNanoUsd is { } saved)
        {
            _cacheHits.Add(1, tags);
            _saved.Add(saved, tags);
            return;
        }

        RecordTokens(entry, tags);
        if (entry.Outcome != CallOutcome.Succeeded) tags.Add("error.type", AuditLeaf.NameOf(entry.Outcome));
        _duration.Record(entry.DurationMs / 1000d, tags);
    }

    private void RecordTokens(LedgerEntry entry, TagList tags)
    {
        var usage = entry.Usage;
        var (prompt, completion) = (usage.Prompt, usage.Completion);
        Add(_input, prompt, tags);
        Add(_output, completion, tags);
        Add(_cacheRead, usage.CachedInput, tags);
        Add(_cacheWrite, usage.CacheWrite + usage.CacheWrite1h, tags);
        Add(_reasoning, usage.Reasoning, tags);
        if (prompt > 0) _tokens.Record(prompt, With(tags, KeyValuePair.Create<string, object?>("gen_ai.token.type", "input")));
        if (completion > 0) _tokens.Record(completion, With(tags, KeyValuePair.Create<string, object?>("gen_ai.token.type", "output")));
    }

    private TagList TagsOf(LedgerEntry entry, string operation)
    {
        var tags = new TagList
        {
            { Organization, entry.OrganizationId.ToString() },
            { "gen_ai.operation.name", operation },
            { "gen_ai.provider.name", ProviderOf(entry) },
            { "gen_ai.request.model", ModelOf(entry) },
        };
        if (entry.ActualModel is { } actual) tags.Add("gen_ai.response.model", _models.Of(actual, IsTrusted(entry)));
        return tags;
    }

    /// <summary>The provider's name as telemetry shows it. Of a call that went nowhere it is what its caller wrote.</summary>
    internal static string ProviderOf(LedgerEntry entry) =>
        entry.Connection is null && Providers.Find(entry.Provider) is null ? ModelLabels.Other : GenAiNames.ProviderOf(entry.Provider);

    private static bool IsTrusted(LedgerEntry entry) => entry.PriceId is not null || entry.Outcome == CallOutcome.Succeeded;

    private static void Add(Counter<long> counter, long tokens, in TagList tags)
    {
        if (tokens > 0) counter.Add(tokens, tags);
    }

    private static TagList With(TagList tags, KeyValuePair<string, object?> further)
    {
        tags.Add(further);
        return tags;
    }

    private static Counter<long> Tokens(Meter meter, string name, string description) =>
        meter.CreateCounter<long>("gen_ai.client.inference.usage." + name, "{token}", description);
}
