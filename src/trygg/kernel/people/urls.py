from django.urls import path

from trygg.kernel.people import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="people"),
    path("invite/<int:organisation_id>/", views.invite, name="invite"),
    path("invitations/<int:invitation_id>/withdraw/", views.withdraw, name="withdraw"),
    path("memberships/<int:membership_id>/end/", views.end_membership, name="end_membership"),
    path("invitation/<str:token>/", views.accept, name="accept"),
    path("link/<str:token>/", views.link, name="link"),
    path("link/<str:token>/code/", views.link_code, name="link_code"),
    path("ask/", views.ask, name="ask"),
    path("act-as/", views.act_as, name="act_as"),
]
