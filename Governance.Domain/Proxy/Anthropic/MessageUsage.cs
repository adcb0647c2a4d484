using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.Anthropic;

/// <summary>The usage object of a message.</summary>
internal record struct MessageUsage
{
    /// <summary>The figures of the model that answered.</summary>
    public TokenCounts Counts { get; private set; }

    /// <summary>What is billed beside them.</summary>
    public UsageIterations Iterations { get; private set; }

    public UnitUsage Units { get; private set; }

    public string? ServiceTier { get; private set; }

    /// <summary>Reads the property on whose name the cursor stands over what is known already; answers whether it is an object.</summary>
    public bool Read(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return false;
        var counts = Counts with { HasOutput = false };
        while (JsonReading.NextProperty(ref reader))
        {
            if (counts.TryRead(ref reader)) continue;
            if (reader.ValueTextEquals("iterations"u8)) Iterations = UsageIterations.Read(ref reader);
            else if (reader.ValueTextEquals("server_tool_use"u8)) ReadTools(ref reader);
            else if (reader.ValueTextEquals("service_tier"u8)) ServiceTier = JsonReading.Text(ref reader) ?? ServiceTier;
            else JsonReading.SkipValue(ref reader);
        }

        Counts = counts;
        return true;
    }

    /// <summary>All that is billed.</summary>
    /// <param name="declinesBilled">Attempts that declined before any output are.</param>
    public readonly TokenUsage ToUsage(bool declinesBilled)
    {
        var counts = Counts.Plus(Iterations.Extra);
        return (declinesBilled ? counts.Plus(Iterations.DeclinedSilently) : counts).ToUsage();
    }

    /// <summary>
    /// Searches are priced by the piece (platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool), fetches of pages only by
    /// their tokens (…/web-fetch-tool). Whatever other tool is counted is taken as priced.
    /// </summary>
    private void ReadTools(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return;
        long searches = 0, others = 0;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("web_search_requests"u8)) searches = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("web_fetch_requests"u8)) JsonReading.SkipValue(ref reader);
            else others = Math.Min(others + JsonReading.Count(ref reader), int.MaxValue);
        }

        Units = new UnitUsage(Searches: searches, ToolCalls: others);
    }
}
