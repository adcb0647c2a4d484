namespace Governance.Bench;

/// <summary>Kestrel with nothing around it, on a free port that it prints as its first line.</summary>
internal static class BareServer
{
    public static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    public static async Task ServeAsync(WebApplication app, CancellationToken cancellation)
    {
        await app.StartAsync(cancellation);
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync(cancellation);
    }
}
