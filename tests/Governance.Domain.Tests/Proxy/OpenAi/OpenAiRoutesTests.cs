using Governance.Domain.Identity;
using Governance.Domain.Proxy;

namespace Governance.Domain.Tests.Proxy.OpenAi;

public sealed class OpenAiRoutesTests
{
    [Theory]
    [InlineData("POST", "/v1/chat/completions", ProxyApis.ChatCompletions, "/chat/completions", null)]
    [InlineData("POST", "/chat/completions", ProxyApis.ChatCompletions, "/chat/completions", null)]
    [InlineData("POST", "/v1/responses", ProxyApis.Responses, "/responses", null)]
    [InlineData("POST", "/v1/embeddings", ProxyApis.Embeddings, "/embeddings", null)]
    [InlineData("POST", "/moderations", ProxyApis.Moderations, "/moderations", null)]
    [InlineData("GET", "/v1/models", ProxyApis.Models, "/models", null)]
    [InlineData("GET", "/v1/models/gpt-5", ProxyApis.Models, "/models/gpt-5", "gpt-5")]
    [InlineData("GET", "/models/ft:gpt-4o:acme::a1", ProxyApis.Models, "/models/ft:gpt-4o:acme::a1", "ft:gpt-4o:acme::a1")]
    [InlineData("GET", "/models/ft%3Agpt-4o%20b", ProxyApis.Models, "/models/ft%3Agpt-4o%20b", "ft:gpt-4o b")]
    [InlineData("GET", "/models/meta%2Fllama-3", ProxyApis.Models, "/models/meta%2Fllama-3", "meta/llama-3")]
    [InlineData("GET", "/models/a%252Fb", ProxyApis.Models, "/models/a%252Fb", "a%2Fb")] // unescaped once, as the provider does
    [InlineData("GET", "/models/..hidden", ProxyApis.Models, "/models/..hidden", "..hidden")]
    [InlineData("GET", "/v1/chat/completions", null, null, null)]
    [InlineData("post", "/v1/chat/completions", null, null, null)]
    [InlineData("DELETE", "/v1/models/gpt-5", null, null, null)]
    [InlineData("POST", "/v1/models", null, null, null)]
    [InlineData("GET", "/v1/responses/resp_1", null, null, null)]
    [InlineData("POST", "/v1/v1/chat/completions", null, null, null)]
    [InlineData("POST", "/v2/chat/completions", null, null, null)]
    [InlineData("POST", "/v1/chat/completions/", null, null, null)]
    [InlineData("POST", "/V1/Chat/Completions", null, null, null)]
    [InlineData("POST", "/v1", null, null, null)]
    [InlineData("POST", "", null, null, null)]
    [InlineData("GET", "/models/", null, null, null)]
    [InlineData("GET", "/models/meta/llama-3", null, null, null)]
    [InlineData("GET", "/models/..", null, null, null)] // a provider that resolves dots would answer for what is not served
    [InlineData("GET", "/models/%2e%2E", null, null, null)]
    [InlineData("GET", "/models/..%2Ffiles", null, null, null)]
    [InlineData("GET", "/models/x%5C..%5C..%5Cfiles", null, null, null)]
    public void Find_OpenAiAndWhoCopiesIt_ServeTheSamePaths(string method, string path, string? scope, string? forwarded, string? model)
    {
        foreach (var provider in new[] { Providers.OpenAi, Providers.Compatible }) Expect(provider, method, path, scope, forwarded, model);
    }

    [Theory]
    [InlineData("POST", "/openai/deployments/gpt5-eu/chat/completions", ProxyApis.ChatCompletions, "gpt5-eu")]
    [InlineData("POST", "/openai/deployments/gpt5%20eu/chat/completions", ProxyApis.ChatCompletions, "gpt5 eu")]
    [InlineData("POST", "/openai/deployments/embed/embeddings", ProxyApis.Embeddings, "embed")]
    [InlineData("POST", "/openai/v1/chat/completions", ProxyApis.ChatCompletions, null)]
    [InlineData("POST", "/openai/v1/responses", ProxyApis.Responses, null)]
    [InlineData("POST", "/openai/responses", ProxyApis.Responses, null)]
    [InlineData("POST", "/openai/v1/embeddings", ProxyApis.Embeddings, null)]
    [InlineData("GET", "/openai/models", ProxyApis.Models, null)]
    [InlineData("GET", "/openai/v1/models", ProxyApis.Models, null)]
    [InlineData("POST", "/v1/chat/completions", null, null)]
    [InlineData("POST", "/v1/openai/responses", null, null)]
    [InlineData("GET", "/openai/deployments/gpt5-eu/chat/completions", null, null)]
    [InlineData("POST", "/openai/deployments//chat/completions", null, null)]
    [InlineData("POST", "/openai/deployments/chat/completions", null, null)]
    [InlineData("POST", "/openai/deployments/../chat/completions", null, null)]
    [InlineData("POST", "/openai/deployments/a/b/chat/completions", null, null)]
    [InlineData("POST", "/openai/deployments/gpt5-eu/images/generations", null, null)]
    public void Find_Azure_ServesDeploymentsAndV1(string method, string path, string? scope, string? model) =>
        Expect(Providers.Azure, method, path, scope, scope is null ? null : path, model);

    [Fact]
    public void Azure_IsFoundByItsNames()
    {
        Assert.Same(Providers.Azure, Providers.OfBase("azure"));
        Assert.Same(Providers.Azure, Providers.Find("azure-openai"));
        Assert.Equal(("Azure OpenAI", "api-key", ""), (Providers.Azure.DisplayName, Providers.Azure.KeyHeader, Providers.Azure.VersionPrefix));
    }

    private static void Expect(Provider provider, string method, string path, string? scope, string? forwarded, string? model)
    {
        var match = provider.Find(method, path);
        Assert.Equal((scope, forwarded, model), (match?.Api.Scope, match?.Path, match?.Model));
    }
}
