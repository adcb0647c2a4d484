using Governance.Web.Security;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;

namespace Governance.Web.Tests.Security;

public sealed class RefusedFormsTests
{
    [Theory]
    [InlineData(true, new[] { "POST", "GET" })]
    [InlineData(false, new[] { "POST" })]
    public async Task Invoke_RefusedPost_RunsAgainOnlyWhereThatShowsAPage(bool isPage, string[] expected)
    {
        var http = new DefaultHttpContext { Request = { Method = "POST", Path = "/account/somewhere" } };
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(isPage ? [new ComponentTypeMetadata(typeof(object))] : []), null));
        var passes = new List<string>();

        await new RefusedForms(Next).InvokeAsync(http);

        Assert.Equal(expected, passes);
        Assert.Equal((429, "7"), (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString()));

        async Task Next(HttpContext context)
        {
            passes.Add(context.Request.Method);
            if (passes.Count == 1) await TooManyRequests.RefuseAsync(context, TimeSpan.FromSeconds(6.2));
        }
    }
}
