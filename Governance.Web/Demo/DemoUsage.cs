using Governance.Domain.Costs;
using Governance.Domain.Organizations;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Demo;

/// <summary>Makes up half a year of calls: working days and weekends, growth, office hours, errors, and one job that ran away. The same every time.</summary>
internal sealed class DemoUsage(PriceBook prices, ReportingZone zone, DateTimeOffset now)
{
    public const int Days = 180;
    private const string Runaway = "Document indexer";
    private const int RunawayDaysAgo = 23;
    private const int RunawayCalls = 170;
    private const int CachedDays = 45;

    private readonly Random _random = new(20260601);
    private readonly Random _repeats = new(20260602);

    /// <summary>The calls of one application on one day, none of them in the future.</summary>
    public IEnumerable<ImportedCall> CallsOf(DemoApplication application, Guid keyId, DateOnly day, int daysAgo)
    {
        var weekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var growth = 1 + 1.3 * (Days - daysAgo) / Days;
        var monthEnd = application.Team == "Finance" && day.AddDays(3).Month != day.Month ? 4 : 1;
        var count = (int)Math.Round(application.CallsPerDay * growth * monthEnd * (weekend ? 0.25 : 1) * (0.8 + 0.4 * _random.NextDouble()));
        for (var i = 0; i < count; i++)
        {
            var call = Call(application, keyId, At(day, OfficeHours()), 1);
            yield return application.HasCache && daysAgo < CachedDays && call.Outcome == CallOutcome.Succeeded && _repeats.NextDouble() < 0.2 ? Again(call) : call;
        }

        if (application.Name != Runaway || daysAgo != RunawayDaysAgo) yield break;
        for (var i = 0; i < RunawayCalls; i++)
            yield return Call(application, keyId, At(day, TimeSpan.FromHours(1 + 4 * _random.NextDouble())), 1.8) with
            {
                User = null,
                Tags = new Dictionary<string, string> { ["job"] = "reindex-all", ["attempt"] = "retry" },
            };
    }

    /// <summary>The same call, answered from the response cache.</summary>
    private ImportedCall Again(ImportedCall call) => call with
    {
        Usage = default,
        PromptBytes = 0,
        ContentBytes = 0,
        Stream = false,
        SavedNanoUsd = CostCalculator.Total(prices.Find(call.Provider, call.Model, call.StartedAt)!, call.Usage, ServiceTier.Standard, regional: false, call.Units, 1).NanoUsd,
        TimeToFirstByte = null,
        Duration = TimeSpan.FromMilliseconds(2 + 6 * _repeats.NextDouble()),
    };

    private ImportedCall Call(DemoApplication application, Guid keyId, DateTimeOffset at, double size)
    {
        var model = Choose(application.Models, at);
        var prompt = Spread(application.PromptTokens * size);
        var cached = _random.NextDouble() < 0.7 ? (long)(prompt * application.CachedShare * _random.NextDouble() * 1.4) : 0;
        var output = Spread(application.OutputTokens);
        var call = new ImportedCall(at, keyId, model.Provider, model.Model, default)
        {
            Connection = DemoConnections.Of(model.Provider),
            Stream = _random.NextDouble() < 0.5,
            User = $"user{1 + _random.Next(30):00}@{application.Team.ToLowerInvariant().Replace(' ', '-')}.meridian.example",
            Tags = new Dictionary<string, string> { ["feature"] = Features[_random.Next(Features.Length)] },
        };
        var luck = _random.NextDouble();
        if (luck < 0.012)
            return call with { Outcome = CallOutcome.ProviderError, Status = 429, ErrorCode = "rate_limit_exceeded", Duration = Seconds(0.3) };
        if (luck < 0.018)
            return call with { Outcome = CallOutcome.ProviderError, Status = 500, ErrorCode = "server_error", Duration = Seconds(2) };

        var usage = new TokenUsage(prompt - Math.Min(cached, prompt), Math.Min(cached, prompt), Output: output, Reasoning: output / 4);
        var firstByte = Seconds(0.3 + prompt / 20_000.0);
        call = call with
        {
            Usage = usage,
            PromptBytes = BytesOf(model, prompt, BytesPerPromptToken),
            ContentBytes = BytesOf(model, output, BytesPerOutputToken),
        };
        call = call with { TimeToFirstByte = firstByte, Duration = firstByte + Seconds(output / 70.0) };
        return luck < 0.025 ? call with { Outcome = CallOutcome.CallerGone, ErrorCode = null } : call;
    }

    /// <summary>Around what English prose and code come to; every tokenizer has its own.</summary>
    private const double BytesPerPromptToken = 4.1;

    /// <summary>Fewer, because a part of the output is reasoning, which nobody sees.</summary>
    private const double BytesPerOutputToken = 3.3;

    private static readonly string[] Features = ["chat", "summary", "search", "draft", "review"];

    private DemoModel Choose(IReadOnlyList<DemoModel> models, DateTimeOffset at)
    {
        var priced = models.Where(model => prices.Find(model.Provider, model.Model, at) is not null).ToList();
        var ticket = _random.Next(priced.Sum(model => model.Weight));
        return priced.First(model => (ticket -= model.Weight) < 0);
    }

    private DateTimeOffset At(DateOnly day, TimeSpan sinceMidnight)
    {
        var at = zone.StartOf(day) + sinceMidnight;
        return at <= now ? at : zone.StartOf(day) + (now - zone.StartOf(day)) * _random.NextDouble();
    }

    /// <summary>Most calls fall around eleven and three o'clock.</summary>
    private TimeSpan OfficeHours()
    {
        var middle = _random.NextDouble() < 0.55 ? 11 : 15;
        var hour = middle + (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5) * 5;
        return TimeSpan.FromHours(Math.Clamp(hour, 0, 23.9));
    }

    /// <summary>Around a typical size, with a long tail.</summary>
    private long Spread(double typical) => Math.Max(8, (long)(typical * Math.Exp((_random.NextDouble() + _random.NextDouble() - 1) * 1.1)));

    /// <summary>A text of so many tokens, in some language or code: most within a tenth of what is typical of the model, a few far from it.</summary>
    private long BytesOf(DemoModel model, long tokens, double typical)
    {
        var tokenizer = 0.86 + (model.Model.Sum(letter => letter) % 25) / 100.0;
        var noise = (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5) * 0.3;
        var text = _random.NextDouble() < 0.05 ? 0.5 + _random.NextDouble() : 1;
        return (long)(tokens * typical * tokenizer * text * (1 + noise));
    }

    private TimeSpan Seconds(double typical) => TimeSpan.FromSeconds(typical * (0.6 + 0.8 * _random.NextDouble()));
}
