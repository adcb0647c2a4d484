using System.Text.Json;
using Governance.EndToEnd.Tests.Product;

namespace Governance.EndToEnd.Tests.Clients;

/// <summary>Runs the scripts of tests/clients, in each of which an official package calls the proxy.</summary>
internal static class NpmClient
{
    /// <param name="package">The script.</param>
    /// <param name="baseUrl">What a user would put into the package's base URL.</param>
    /// <param name="key">What a user would put into its key.</param>
    /// <param name="kind">What it is to call.</param>
    /// <param name="model">The model or deployment; the script's own if none is named.</param>
    /// <returns>What the package made of the answer.</returns>
    public static async Task<JsonElement> RunAsync(string package, string baseUrl, string key, string kind, string? model = null)
    {
        string[] arguments = [Path.Combine(ProductUnderTest.Metadata("Clients"), package + ".mjs"), baseUrl, key, kind, .. model is null ? Array.Empty<string>() : [model]];
        return JsonDocument.Parse(await ProgramUnderTest.RunAsync("node", arguments)).RootElement;
    }
}
