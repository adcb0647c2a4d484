using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Governance.Web.Tests.Proxy;

/// <summary>
/// Counts the requests whose caller hung up, once the server has noticed. It registers before the product does, and the last
/// registered learns it first: when the count rises, the product knows.
/// </summary>
public sealed class HangUps : IStartupFilter
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (http, rest) =>
        {
            await using var registration = http.RequestAborted.Register(() => Interlocked.Increment(ref _count));
            await rest(http);
        });
        next(app);
    };
}
