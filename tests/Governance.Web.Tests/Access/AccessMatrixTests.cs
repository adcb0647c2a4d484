using System.Net;
using System.Reflection;
using System.Text;
using Governance.Domain.Identity;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using static Governance.Web.Tests.Access.AccessWorld;

namespace Governance.Web.Tests.Access;

/// <summary>Walks every page, route, command and reading with everybody, and holds them against <see cref="AccessTable"/>.</summary>
public sealed class AccessMatrixTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    [Fact]
    public void EveryRoute_HasALine()
    {
        var routes = world.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(NamesOf).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal("", string.Join("\n", routes.Except(AccessTable.Routes.Select(line => line.Name))));
        Assert.Equal("", string.Join("\n", AccessTable.Routes.Select(line => line.Name).Except(routes)));
    }

    [Fact]
    public void EveryCommandAndReading_HasALine()
    {
        var methods = typeof(Infrastructure.InfrastructureServices).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsPublic: true })
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetParameters().FirstOrDefault()?.ParameterType == typeof(Actor))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Distinct().Order(StringComparer.Ordinal).ToList();
        string[] lines = [.. AccessTable.Commands.Concat(AccessTable.Readings).Select(line => line.Name), .. AccessTable.OfOneself];
        Assert.Equal("", string.Join("\n", methods.Except(lines)));
        Assert.Equal("", string.Join("\n", lines.Except(methods)));
    }

    public static TheoryData<string> Routes => [.. AccessTable.Routes.Select(line => line.Name)];

    public static TheoryData<string> Uses => [.. AccessTable.Commands.Concat(AccessTable.Readings).Select(line => line.Name)];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_ForEverybody_IsOpenOrClosedAsTheTableSays(string name)
    {
        var line = AccessTable.Routes.Single(line => line.Name == name);
        var allowed = new List<string>();
        foreach (var who in Everybody)
        {
            using var response = await SendAsync(line.IsApi ? await world.ApiOfAsync(who) : await world.BrowserOfAsync(who), line);
            if (IsLet(response)) allowed.Add(who);
        }

        Assert.Equal(line.Allowed.Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
        using var anonymous = await SendAsync(world.Server.Client, line);
        Assert.Equal(line.Anonymous, IsLet(anonymous));
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public async Task Use_ForEverybody_IsAllowedOrRefusedAsTheTableSays(string name)
    {
        var line = AccessTable.Commands.Concat(AccessTable.Readings).Single(line => line.Name == name);
        var allowed = new List<string>();
        foreach (var who in Everybody)
        {
            if (await line.Use!(world, world.ActorOf(who))) allowed.Add(who);
        }

        var expected = line.Elsewhere ? [.. line.Allowed, OtherOrganization] : line.Allowed;
        Assert.Equal(expected.Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, AccessLine line)
    {
        var method = line.Name[..line.Name.IndexOf(' ', StringComparison.Ordinal)];
        using var request = new HttpRequestMessage(new HttpMethod(method), line.Path!(world));
        if (method == "PUT") request.Content = new StringContent("{}", Encoding.UTF8, "application/json"); // A route that takes JSON is found by that.
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Whoever is not let is sent to the sign-in, told that they have no access, or refused.</summary>
    private static bool IsLet(HttpResponseMessage response) =>
        response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        && !(response.StatusCode == HttpStatusCode.NotFound && response.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/api/v1/requests/", StringComparison.Ordinal))
        && !(response.StatusCode == HttpStatusCode.Found && response.Headers.Location!.ToString().Contains("returnUrl=", StringComparison.OrdinalIgnoreCase));

    /// <summary>The routes that people and programs use: not the files and the circuits that pages need, which carry nothing of anybody's.</summary>
    private static IEnumerable<string> NamesOf(RouteEndpoint endpoint)
    {
        var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null) yield break;
        if (pattern.StartsWith("/_blazor", StringComparison.Ordinal) || pattern.StartsWith("/_framework", StringComparison.Ordinal)) yield break;

        // A page answers a form with the same rule as the page itself.
        var methods = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is null ? endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"] : ["GET"];
        foreach (var method in methods) yield return $"{method} {pattern}";
    }
}
