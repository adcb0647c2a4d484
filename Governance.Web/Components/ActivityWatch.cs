using Governance.Infrastructure.Identity.Sessions;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Governance.Web.Components;

/// <summary>Keeps a session from going idle while its person works on a page, which makes no requests of its own.</summary>
internal sealed class ActivityWatch(AuthenticationStateProvider authentication, SessionDirectory sessions, TimeProvider time) : CircuitHandler
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private DateTimeOffset _lookedAt;

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        var now = time.GetUtcNow();
        if (now - _lookedAt >= Pause)
        {
            _lookedAt = now;
            if ((await authentication.GetAuthenticationStateAsync()).User.SessionId() is { } session)
                await sessions.FindAsync(session, active: true, CancellationToken.None);
        }

        await next(context);
    };
}
