using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Proxy.Resilience;

namespace Governance.Web.Components.Pages.Connections;

/// <summary>A route as it is typed in.</summary>
internal sealed class RouteForm
{
    public string Kind { get; set; } = Providers.OpenAi.Id;

    public string Model { get; set; } = "";

    public bool Enabled { get; set; } = true;

    public List<RouteTargetForm> Targets { get; } = [new()];

    public static RouteForm Of(ModelRoute route)
    {
        var form = new RouteForm { Kind = route.Kind, Model = route.Model, Enabled = route.Enabled };
        form.Targets.Clear();
        form.Targets.AddRange(route.Targets.OrderBy(target => target.Priority).Select(target => new RouteTargetForm
        {
            Connection = target.Connection, Model = target.Model ?? "", Priority = target.Priority, Weight = target.Weight,
        }));
        return form;
    }

    public RouteDraft ToDraft() => new(Kind, Model, [.. Targets.Select(target => target.ToTarget())], Enabled);

    /// <summary>A further target is most often the fallback of those before it.</summary>
    public void Add() => Targets.Add(new RouteTargetForm { Priority = Targets.Count == 0 ? 1 : Math.Min(RouteTarget.MaxPriority, Targets.Max(target => target.Priority) + 1) });
}

/// <summary>A target as it is typed in.</summary>
internal sealed class RouteTargetForm
{
    public string Connection { get; set; } = "";

    public string Model { get; set; } = "";

    public int Priority { get; set; } = 1;

    public int Weight { get; set; } = 1;

    public RouteTarget ToTarget() => new(Connection, Model.Trim().Length == 0 ? null : Model.Trim(), Priority, Weight);
}
