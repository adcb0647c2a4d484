using System.Text.Json;
using Governance.EndToEnd.Tests.Product;

namespace Governance.EndToEnd.Tests.Clients;

/// <summary>Official packages of five providers call the proxy with only base URL and key changed; what they are told of tokens is what the ledger has.</summary>
[Collection(nameof(Demo))]
public sealed class NpmClientsTests(Demo demo)
{
    private const string OpenAi = "openai/v1", Azure = "azure", Anthropic = "anthropic", Gemini = "gemini", Bedrock = "bedrock";

    [Theory]
    [InlineData("openai", OpenAi, "plain")]
    [InlineData("openai", OpenAi, "stream-usage")]
    [InlineData("openai", OpenAi, "responses")]
    [InlineData("openai", OpenAi, "responses-stream")]
    [InlineData("openai", OpenAi, "embeddings")]
    [InlineData("openai", Azure, "azure-plain", "gpt-4.1")]
    [InlineData("anthropic", Anthropic, "plain")]
    [InlineData("anthropic", Anthropic, "stream")]
    [InlineData("gemini", Gemini, "plain")]
    [InlineData("gemini", Gemini, "stream")]
    [InlineData("bedrock", Bedrock, "plain")]
    [InlineData("bedrock", Bedrock, "stream")]
    [InlineData("bedrock", Bedrock, "invoke-stream")]
    public async Task Call_Answered_TellsTheTokensThatAreBooked(string package, string path, string kind, string? model = null)
    {
        var answer = await RunAsync(package, path, kind, model);

        Assert.NotEqual("", answer.GetProperty("text").GetString());
        var booked = await BookedAsync(answer, package);
        Assert.Equal(
            (answer.GetProperty("input").GetInt64(), answer.GetProperty("output").GetInt64()),
            (booked.GetProperty("inputTokens").GetInt64(), booked.GetProperty("outputTokens").GetInt64()));
        Assert.Equal("reported", booked.GetProperty("provenance").GetString());
        Assert.True(booked.GetProperty("costNanoUsd").GetInt64() > 0);
    }

    [Theory]
    [InlineData("openai", OpenAi, "stream")]
    [InlineData("openai", Azure, "azure-stream", "gpt-4.1")]
    [InlineData("openai", OpenAi, "moderations")]
    [InlineData("openai", OpenAi, "models")]
    [InlineData("anthropic", Anthropic, "models")]
    [InlineData("gemini", Gemini, "embed")]
    [InlineData("bedrock", Bedrock, "invoke")]
    public async Task Call_Other_IsAnswered(string package, string path, string kind, string? model = null) =>
        Assert.NotEqual("", (await RunAsync(package, path, kind, model)).GetProperty("text").GetString());

    [Theory]
    [InlineData("anthropic", Anthropic)]
    [InlineData("gemini", Gemini)]
    public async Task CountTokens_Prompt_CountsAndCostsNothing(string package, string path) =>
        Assert.True((await RunAsync(package, path, "count")).GetProperty("input").GetInt64() > 0);

    [Theory]
    [InlineData("openai", OpenAi, "tools")]
    [InlineData("openai", OpenAi, "tools-stream")]
    [InlineData("openai", Azure, "azure-tools", "gpt-4.1")]
    [InlineData("anthropic", Anthropic, "tools")]
    [InlineData("anthropic", Anthropic, "tools-stream")]
    [InlineData("gemini", Gemini, "tools")]
    [InlineData("gemini", Gemini, "tools-stream")]
    [InlineData("bedrock", Bedrock, "tools")]
    [InlineData("bedrock", Bedrock, "tools-stream")]
    public async Task Call_WithTools_CallsTheTool(string package, string path, string kind, string? model = null) =>
        Assert.Equal("lookup", (await RunAsync(package, path, kind, model)).GetProperty("tool").GetString());

    [Theory]
    [InlineData("openai", OpenAi, "error", "BadRequestError", 400)]
    [InlineData("openai", OpenAi, "responses-error", "BadRequestError", 400)]
    [InlineData("openai", OpenAi, "stream-error", "APIError", null)]
    [InlineData("openai", Azure, "azure-error", "RateLimitError", 429, "gpt-4.1")]
    [InlineData("anthropic", Anthropic, "error", "BadRequestError", 400)]
    [InlineData("anthropic", Anthropic, "overloaded", "InternalServerError", 529)]
    [InlineData("anthropic", Anthropic, "stream-error", "APIError", null)]
    [InlineData("gemini", Gemini, "error", "ClientError", null)]
    [InlineData("gemini", Gemini, "too-fast", "ClientError", null)]
    [InlineData("gemini", Gemini, "stream-error", "Error", null)] // ServerError if it reads the error alone; what comes at the same time it reads as one, and complains of the rest.
    [InlineData("bedrock", Bedrock, "error", "ValidationException", 400)]
    [InlineData("bedrock", Bedrock, "throttled", "ThrottlingException", 429)]
    [InlineData("bedrock", Bedrock, "stream-error", "ModelStreamErrorException", null)]
    public async Task Call_Fails_RaisesThePackagesOwnError(string package, string path, string kind, string error, int? status, string? model = null)
    {
        var told = await RunAsync(package, path, kind, model);

        Assert.EndsWith(error, told.GetProperty("error").GetString(), StringComparison.Ordinal);
        if (status is not null) Assert.Equal(status, told.GetProperty("status").GetInt32());
    }

    private Task<JsonElement> RunAsync(string package, string path, string kind, string? model = null)
    {
        Assert.SkipWhen(demo.OnPostgres, "What packages make of the proxy's answers does not depend on the database.");
        return NpmClient.RunAsync(package, $"{demo.Url}/proxy/{path}", demo.ProxyKey, kind, model);
    }

    /// <summary>The call in the ledger once its outcome is booked, which is after the caller has its answer; a package that shows no headers made the provider's newest one.</summary>
    private async Task<JsonElement> BookedAsync(JsonElement answer, string package)
    {
        JsonElement call = default;
        await Eventually.TrueAsync(async () => !(call = await CallAsync(answer, package)).GetProperty("open").GetBoolean(), "the call's outcome was booked");
        return call;
    }

    private async Task<JsonElement> CallAsync(JsonElement answer, string package)
    {
        if (answer.TryGetProperty("requestId", out var id)) return await demo.ApiAsync("/api/v1/requests/" + id.GetString());
        var newest = await demo.ApiAsync($"/api/v1/requests?limit=1&provider={(package == "gemini" ? "google" : package)}");
        return newest.GetProperty("items")[0];
    }
}
